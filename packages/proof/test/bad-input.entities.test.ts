import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import * as Benches from "@mortise/conformance/kit/Bench"
import type { Program } from "@mortise/conformance/kit/Subject"
import { portOf } from "@mortise/conformance/kit/Subject"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Port from "@mortise/core/Port"
import type { Reference } from "@mortise/core/Values"
import type * as HubSpot from "@mortise/hubspot/HubSpot"
import * as Operations from "@mortise/hubspot/Operations"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpotSubject from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { endOf, watch } from "./support/watched.ts"

const hubspotWorld = ({ twin }: Benches.Bench) => twin.world as HubSpotTwin.HubSpotWorld
const acumaticaWorld = ({ twin }: Benches.Bench) => twin.world as AcumaticaTwin.AcumaticaWorld

const reasonOf = (outcome: unknown) => (outcome as { readonly error?: ConnectorError } | undefined)?.error?.reason

const failed = <A>(effect: Program<A>) =>
  Effect.map(Effect.result(effect), (result) => (result._tag === "Failure" ? result.failure.reason._tag : "it worked"))

/** How reading, finding and writing end. */
const allThree = (port: Port.Any, write: Parameters<Port.Any["upsert"]>[0][number]) =>
  Effect.gen(function* () {
    const [outcome] = yield* port.upsert([write])
    return [
      yield* failed(Stream.runDrain(port.changes())),
      yield* failed(port.find([write.key ?? ""])),
      reasonOf(outcome)?._tag ?? outcome?._tag,
    ]
  })

const payment = {
  key: "erp/1|Payment|1",
  fields: { kind: "payment", date: "2026-10-01", account: { id: "BUYER" } },
} as never

describe("an entity that the instance does not serve", () => {
  it("is Unsupported in HubSpot, whatever is asked of it, and no request is sent for it", async () => {
    const bench = Benches.make(HubSpotSubject.subject)
    const seen = await watch(
      bench,
      Effect.gen(function* () {
        const port = portOf(yield* bench.connect(), "Payment")
        const before = bench.twin.journal.count()
        const tags = yield* allThree(port, payment)
        return [...tags, bench.twin.journal.count() - before]
      }),
    )
    expect(endOf(seen)).toEqual(["Unsupported", "Unsupported", "Unsupported", 0])
    expect(hubspotWorld(bench).records("commerce_payments")).toEqual([])
    expect(seen.leaks).toEqual([])
  })

  it("is Forbidden in Acumatica, where a form without rights and one without its feature look alike", async () => {
    const bench = Benches.make(Acumatica.subject)
    await bench.run(bench.documents?.enter ?? Effect.void)
    acumaticaWorld(bench).tenant().forbidden.push("Payment")
    const seen = await watch(
      bench,
      Effect.flatMap(bench.connect(), (connected) => allThree(portOf(connected, "Payment"), payment)),
    )
    expect(endOf(seen)).toEqual(["Forbidden", "Forbidden", "Forbidden"])
    expect(acumaticaWorld(bench).all("Payment")).toEqual([])
    expect(seen.leaks).toEqual([])
  })

  it("is a typed error through the raw client too", async () => {
    const bench = Benches.make(HubSpotSubject.subject)
    const unknown = await bench.run(
      Effect.flatMap(bench.connect(), (connected) => {
        const { client } = connected as unknown as HubSpot.Service
        return failed(
          client.call(Operations.objects("companies").get, (api, door) =>
            api.GET("/crm/objects/2026-09/{objectType}/{objectId}", {
              ...door,
              params: { path: { objectType: "unicorns", objectId: "1" } },
            }),
          ),
        )
      }),
    )
    expect(["Invalid", "NotFound"]).toContain(unknown)
  })
})

describe("a reference to something that is not there", () => {
  const cases: ReadonlyArray<readonly [what: string, reference: Reference]> = [
    ["a key that nobody has", { key: "erp/1|Account|nobody" }],
    ["an id that nobody has", { id: "404404404" }],
    ["a number that nobody has", { number: "NOBODY" }],
    ["nothing at all", {}],
    ["a key with quotes and operators", { key: "' or CustomerID ne '" }],
  ]

  it.each(cases)("is told with the field, by %s, and nothing is made in HubSpot", async (_, company) => {
    const bench = Benches.make(HubSpotSubject.subject)
    const [outcome] = await bench.run(
      Effect.flatMap(bench.connect(), ({ ports }) =>
        (ports["Contact"] as Port.Any).upsert([
          { key: "erp/1|Contact|1", fields: { lastName: "Doe", company } } as never,
        ]),
      ),
    )
    expect(reasonOf(outcome)).toMatchObject({ _tag: "MissingReference", field: "company" })
    expect(hubspotWorld(bench).records("contacts")).toEqual([])
  })

  it.each(cases)("is told with the field, by %s, and nothing is made in Acumatica", async (_, account) => {
    const bench = Benches.make(Acumatica.subject)
    const [outcome] = await bench.run(
      Effect.flatMap(bench.connect(), ({ ports }) =>
        (ports["Contact"] as Port.Any).upsert([
          { key: "crm/1|Contact|1", fields: { lastName: "Doe", account } } as never,
        ]),
      ),
    )
    const reason = reasonOf(outcome)
    expect(reason?._tag).toBe("MissingReference")
    expect(reason).toMatchObject({ field: expect.stringMatching(/account|BusinessAccount/) })
    expect(acumaticaWorld(bench).all("Contact")).toEqual([])
  })
})
