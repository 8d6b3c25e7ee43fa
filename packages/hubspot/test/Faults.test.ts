import type { Fault } from "@mortise/conformance/twin/Faults"
import * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import * as Identity from "../src/Identity.ts"
import * as Operations from "../src/Operations.ts"
import { idOf, key, open, readAll, reasonOf, START, tags, upserted } from "./portal.ts"

const account = (id: string) => ({ key: key("Account", id), fields: { name: `Name of ${id}` } })
const accounts = (count: number) => Array.from({ length: count }, (_, at) => account(`C${at}`))
const isUpsert = ({ path }: { readonly path: string }) => path.endsWith("/batch/upsert")

const FAULTS: ReadonlyArray<Fault> = [
  { kind: "errorAfter", status: 502 },
  { kind: "errorBefore", status: 503 },
  { kind: "resetBefore" },
  { kind: "malformedJson" },
  { kind: "truncatedBody" },
  { kind: "htmlPage", status: 200 },
  { kind: "htmlPage", status: 502 },
  { kind: "slow", millis: 90_000, commit: "late" },
  { kind: "slow", millis: 90_000, commit: "early" },
]

const names = (portal: ReturnType<typeof open>) =>
  portal.world.records("companies").map(({ properties }) => properties["name"])

describe("when something goes wrong between us and HubSpot", () => {
  it("a lost reply makes no second record", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        portal.twin.faults.deal({ at: isUpsert, fault: { kind: "lostReply" } })
        const outcomes = yield* ports.Company.upsert(accounts(3))
        expect(tags(outcomes)).toEqual(["Written", "Written", "Written"])
        expect(names(portal)).toHaveLength(3)
      }),
    )
  })

  it.each(FAULTS.map((fault) => [`${fault.kind} ${"status" in fault ? fault.status : ""}`, fault] as const))(
    "%s on a write leaves one record of each key and an outcome that says so",
    async (_, fault) => {
      const portal = open()
      await portal.run(
        Effect.gen(function* () {
          const { ports } = yield* portal.ready()
          portal.twin.faults.deal({ at: isUpsert, fault })
          const outcomes = yield* ports.Company.upsert(accounts(3))
          for (const { _tag } of outcomes) expect(["Created", "Written", "Unknown"]).toContain(_tag)
          yield* portal.later
          const again = yield* ports.Company.upsert(accounts(3))
          for (const { _tag } of again) expect(["Unchanged", "Created"]).toContain(_tag)
          expect(names(portal)).toHaveLength(3)
        }),
      )
    },
  )

  it("one bad record of a hundred is rejected by itself, whatever order the answers come in", async () => {
    const portal = open({ portal: { writeRules: {} } })
    portal.world.defineProperty("companies", { name: "size", type: "number" })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready({ custom: { Company: ["size"] } })
        const all = accounts(100).map((write, at) =>
          at === 41 ? { ...write, fields: { ...write.fields, custom: { size: "1,5" } } } : write,
        )
        const outcomes = yield* ports.Company.upsert(all)
        expect(reasonOf(outcomes[41])?._tag).toBe("Invalid")
        expect(tags(outcomes).filter((tag) => tag === "Created")).toHaveLength(99)
        outcomes.forEach((outcome, at) => {
          if (at !== 41)
            expect(portal.world.record("companies", idOf(outcome))?.properties["name"]).toBe(`Name of C${at}`)
        })
      }),
    )
  })

  it("a portal that refuses a whole batch for one record has the others written, in few requests", async () => {
    const portal = open({ knobs: { tracesIgnored: true } })
    portal.world.defineProperty("companies", { name: "size", type: "number" })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready({ custom: { Company: ["size"] } })
        const all = accounts(100).map((write, at) =>
          at === 41 ? { ...write, fields: { ...write.fields, custom: { size: "1,5" } } } : write,
        )
        portal.journal.clear()
        const outcomes = yield* ports.Company.upsert(all)
        expect(outcomes.map((outcome) => reasonOf(outcome)?._tag ?? outcome._tag)).toEqual(
          accounts(100).map((_, at) => (at === 41 ? "Invalid" : "Created")),
        )
        expect(portal.journal.where(({ url }) => url.endsWith("/batch/upsert")).length).toBeLessThanOrEqual(15)
        expect(names(portal)).toHaveLength(99)
      }),
    )
  })

  it("and a record whose email somebody took between look and write is adopted there, too", async () => {
    for (const tracesIgnored of [false, true]) {
      const portal = open({ knobs: { tracesIgnored } })
      await portal.run(
        Effect.gen(function* () {
          const { ports } = yield* portal.ready()
          const people = [1, 2, 3].map((at) => ({
            key: key("Contact", String(at)),
            fields: { email: `p${at}@x.example`, phone: "1" },
            adoptBy: ["email"] as const,
          }))
          let theirs: string | undefined
          portal.twin.faults.deal({
            at: (request) => {
              if (isUpsert(request)) theirs ??= portal.world.create("contacts", { email: "p2@x.example" })
              return false
            },
            fault: { kind: "refused" },
          })
          const outcomes = yield* ports.Contact.upsert(people)
          expect(tags(outcomes)).toEqual(["Created", "Updated", "Created"])
          expect(idOf(outcomes[1])).toBe(theirs)
          expect(portal.world.records("contacts")).toHaveLength(3)
        }),
      )
    }
  })

  it("a record whose email another one of ours took between look and write waits for a person", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const holder = { email: "a@x.example", mortise_key: Identity.encode(key("Contact", "other")) ?? "" }
        let theirs: string | undefined
        portal.twin.faults.deal({
          at: (request) => {
            if (isUpsert(request)) theirs ??= portal.world.create("contacts", holder)
            return false
          },
          fault: { kind: "refused" },
        })
        const write = { key: key("Contact", "1"), fields: { email: "a@x.example" }, adoptBy: ["email"] as const }
        const [outcome] = yield* ports.Contact.upsert([write])
        expect(reasonOf(outcome)).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: theirs, key: key("Contact", "other"), matchedBy: ["email"] }],
        })
      }),
    )
  })

  it("inputs that HubSpot drops from a batch are told, and the others keep their own ids", async () => {
    const portal = open({ knobs: { partial207: 1 } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const outcomes = yield* ports.Company.upsert(accounts(20))
        expect(tags(outcomes).filter((tag) => tag === "Created")).toHaveLength(19)
        const again = yield* ports.Company.upsert(accounts(20))
        expect(tags(again).filter((tag) => tag === "Created")).toHaveLength(1)
        expect(names(portal)).toHaveLength(20)
      }),
    )
  })

  it("a batch that is only promised is looked up before anything is said", async () => {
    const portal = open({ knobs: { pendingStatus: 1 } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        expect(tags(yield* ports.Company.upsert(accounts(3)))).toEqual(["Written", "Written", "Written"])
      }),
    )
  })

  it("a portal that does not fill the key of a new record by itself has it filled", async () => {
    const portal = open({ knobs: { upsertFillsKey: false } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        yield* ports.Company.upsert(accounts(2))
        expect(tags(yield* ports.Company.upsert(accounts(2)))).toEqual(["Unchanged", "Unchanged"])
        expect(names(portal)).toHaveLength(2)
      }),
    )
  })

  it("the newest version's other batch shape is understood as well", async () => {
    const portal = open({ knobs: { mergedBatchShape: true, shuffleAllBatches: true, partial207: 1 } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const outcomes = yield* ports.Company.upsert(accounts(30))
        expect(tags(outcomes).filter((tag) => tag === "Created")).toHaveLength(29)
        const found = yield* ports.Company.find(accounts(30).map((write) => write.key))
        expect(found.size).toBe(29)
      }),
    )
  })

  it("limits that run over are waited for: the burst, the search, a lock", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        portal.world.knobs.burst429 = 1
        portal.world.knobs.locked423 = 1
        expect(tags(yield* ports.Company.upsert(accounts(2)))).toEqual(["Created", "Created"])
        yield* portal.later
        portal.world.knobs.search429 = 1
        const { changes } = yield* readAll(ports.Company, { fields: ["name"] })
        expect(upserted(changes)).toHaveLength(2)
        expect(portal.journal.where(({ status }) => status === 429)).toHaveLength(2)
        expect(portal.journal.where(({ status }) => status === 423)).toHaveLength(1)
      }),
    )
  })

  it("no limit that is known is run into: 60 searches and 400 reads provoke no 429", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { client } = yield* portal.ready()
        const [id = ""] = portal.world.seed([{ type: "companies", properties: { name: "A" } }])
        const read = client.call(Operations.objects("companies").get, (api, door) =>
          api.GET("/crm/objects/2026-09/{objectType}/{objectId}", {
            ...door,
            params: { path: { objectType: "companies", objectId: id } },
          }),
        )
        const search = client.call(Operations.objects("companies").search, (api, door) =>
          api.POST("/crm/objects/2026-09/{objectType}/search", {
            ...door,
            params: { path: { objectType: "companies" } },
            body: { limit: 1 },
          }),
        )
        const all = [
          ...Array.from({ length: 400 }, () => Effect.asVoid(read)),
          ...Array.from({ length: 60 }, () => Effect.asVoid(search)),
        ]
        yield* Effect.all(all, { concurrency: 50, discard: true })
        expect(portal.journal.where(({ status }) => status === 429)).toHaveLength(0)
      }),
    )
    expect(portal.clock.now() - START).toBeLessThan(40_000)
  })

  it("a spent day is told with the hour at which the next one begins in the account's zone", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        portal.world.knobs.daily429 = true
        const [outcome] = yield* ports.Company.upsert(accounts(1))
        expect(outcome?._tag).toBe("NotAttempted")
        // Berlin in November is an hour ahead of UTC.
        expect(reasonOf(outcome)).toMatchObject({ _tag: "QuotaExhausted", resetsAt: "2026-11-02T23:00:00.000Z" })
      }),
    )
  })

  it("a wrong token is Unauthorized and stands in no message", async () => {
    const portal = open()
    const error = await portal.fails(portal.connect({ credentials: { token: Redacted.make("pat-eu1-wrong-secret") } }))
    expect(error.reason._tag).toBe("Unauthorized")
    expect(JSON.stringify(error) + String(error)).not.toContain("wrong-secret")
  })

  it("a token without the scopes for properties is told which are missing", async () => {
    const portal = open()
    const token = portal.world.issueToken({
      scopes: ["oauth", "crm.objects.companies.read", "crm.objects.companies.write", "crm.objects.invoices.read"],
    })
    const error = await portal.fails(portal.ready({ credentials: { token: Redacted.make(token) } }))
    expect(error.reason).toMatchObject({ _tag: "Forbidden", missing: [expect.stringContaining("crm.")] })
  })

  it("a 404 in HTML is NotFound, and an HTML page in place of JSON is Decode", async () => {
    const portal = open({ knobs: { html404: true } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const [outcome] = yield* ports.Company.upsert([{ id: "404404", fields: { name: "A" } }])
        expect(reasonOf(outcome)?._tag).toBe("NotFound")
        portal.twin.faults.deal({
          at: ({ path }) => path.endsWith("/search"),
          fault: { kind: "htmlPage", status: 200 },
          times: 9,
        })
        const failure = yield* Effect.result(readAll(ports.Company, { fields: ["name"] }))
        expect(failure._tag === "Failure" ? failure.failure.reason._tag : failure._tag).toBe("Decode")
      }),
    )
  })

  it("an archived record that holds the key is told and not written over", async () => {
    const portal = open({ knobs: { archivedUniqueBlocks: true } })
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const [made] = yield* ports.Company.upsert(accounts(1))
        portal.world.archive("companies", idOf(made))
        const [again] = yield* ports.Company.upsert(accounts(1))
        expect(reasonOf(again)).toMatchObject({ _tag: "Conflict", found: idOf(made) })
      }),
    )
  })

  it("a call that ran out of time says what is known of each record", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        portal.twin.faults.deal({ at: isUpsert, fault: { kind: "hang", applied: true }, times: 9 })
        const outcomes = yield* ports.Company.upsert(accounts(600), { deadline: "20 seconds" as never })
        expect(outcomes).toHaveLength(600)
        expect(new Set(tags(outcomes))).toEqual(new Set(["Unknown", "NotAttempted"]))
      }),
    )
  })

  it("a merge between look and write makes no new record", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const [one, two] = (yield* ports.Company.upsert(accounts(2))).map(idOf)
        portal.world.knobs.mergeMidSync = {
          afterRequests: 2,
          type: "companies",
          primary: one as string,
          other: two as string,
        }
        yield* ports.Company.upsert([{ id: two as string, key: key("Account", "C1"), fields: { name: "After" } }])
        yield* ports.Company.upsert([{ id: two as string, key: key("Account", "C1"), fields: { name: "After" } }])
        expect(names(portal)).toEqual(["After"])
      }),
    )
  })

  it("two programs that write the same records at once make each once", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const one = yield* portal.ready()
        const two = yield* portal.connect()
        const both = yield* Effect.all(
          [one.ports.Company.upsert(accounts(120)), two.ports.Company.upsert(accounts(120))],
          {
            concurrency: "unbounded",
          },
        )
        expect(
          both
            .flat()
            .filter((outcome) => !Outcome.isSettled(outcome))
            .map(reasonOf),
        ).toEqual([])
        expect(names(portal)).toHaveLength(120)
        expect(both[0].map(idOf)).toEqual(both[1].map(idOf))
      }),
    )
  })

  it("a key that comes twice in one call is one record, with what came later", async () => {
    const portal = open()
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.ready()
        const outcomes = yield* ports.Company.upsert([
          account("C1"),
          { key: key("Account", "C1"), fields: { name: "Later", phone: "1" } },
        ])
        expect(tags(outcomes)).toEqual(["Created", "Created"])
        expect(portal.world.records("companies").map(({ properties }) => properties["name"])).toEqual(["Later"])
      }),
    )
  })
})
