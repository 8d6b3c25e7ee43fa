import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { INSTANCE_PATH } from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as Benches from "@mortise/conformance/kit/Bench"
import * as GlobalFetch from "@mortise/conformance/kit/GlobalFetch"
import type { How, Subject } from "@mortise/conformance/kit/Subject"
import type { Fault } from "@mortise/conformance/twin/Faults"
import type * as Change from "@mortise/core/Change"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"

/** Opens a door into the twin, hands over the options of a connector that goes through it, and closes it again. */
type Door = <A>(bench: Benches.Bench, use: (how: How) => Promise<A>) => Promise<A>

const inProcess: Door = (_, use) => use({})

const intercepted: Door = async ({ clock, twin }, use) => {
  const server = setupServer(...twin.handlers)
  server.listen()
  try {
    return await use({ options: { fetch: clock.trackFetch(GlobalFetch.letOut(globalThis.fetch)) } })
  } finally {
    server.close()
  }
}

const loopback: Door = async ({ clock, twin }, use) => {
  const { close, url } = await twin.serve()
  try {
    const address = { baseUrl: url, url: url + INSTANCE_PATH }
    return await use({ options: { ...address, fetch: clock.trackFetch(GlobalFetch.letOut(globalThis.fetch)) } })
  } finally {
    await close()
  }
}

const DOORS = { "in process": inProcess, "by interception": intercepted, "over a loopback port": loopback } as const

const tagsOf = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

/** A day's work: make ready, write, read what changed, write again, read again. */
const job = (bench: Benches.Bench, how: How) =>
  bench.run(
    Effect.gen(function* () {
      const { party, twin } = bench
      const store = yield* StateStore
      const connected = yield* bench.connect(how)
      const port = party.port(connected)
      const records = [1, 2, 3, 4].map((n) => party.write(n))
      const first = yield* port.upsert(records)
      yield* bench.catchUp
      const read: Array<string> = []
      let cursor: Change.Cursor | undefined
      yield* Stream.runForEach(port.changes(), (page) => {
        cursor = page.cursor
        read.push(...page.changes.map((change) => `${change._tag} ${"id" in change ? change.id : ""}`))
        return store.commit({ page })
      })
      const again = yield* port.upsert(records)
      const later = yield* Stream.runCollect(port.changes(cursor === undefined ? {} : { cursor }))
      return {
        first: tagsOf(first),
        again: tagsOf(again),
        read: read.sort(),
        later: later.flatMap(({ changes }) => changes),
        records: party.records().map(({ key, name, natural }) => [key, name, natural]),
        requests: twin.journal.count(),
        findings: (yield* connected.check).filter(({ level }) => level === "error"),
      }
    }),
  )

const through = async (subject: Subject, door: Door, faults: ReadonlyArray<Fault> = []) => {
  const bench = Benches.make(subject)
  for (const fault of faults) bench.twin.faults.deal({ at: bench.isWrite, fault })
  const done = await door(bench, (how) => job(bench, how))
  expect(bench.twin.faults.pending()).toEqual([])
  return done
}

describe.each([
  ["HubSpot", HubSpot.subject],
  ["Acumatica", Acumatica.subject],
] as const)("the connector for %s does its work", (_, subject) => {
  it.each(Object.entries(DOORS))("%s: writes, reads, and finds nothing to do the second time", async (_, door) => {
    const done = await through(subject, door)
    expect(done.first).toEqual(["Created", "Created", "Created", "Created"])
    expect(done.again).toEqual(["Unchanged", "Unchanged", "Unchanged", "Unchanged"])
    expect(done.read).toHaveLength(4)
    expect(done.later).toEqual([])
    expect(done.records).toHaveLength(4)
    expect(done.findings).toEqual([])
  })

  it("in the same way through all three", async () => {
    const one = await through(subject, inProcess)
    const others = [await through(subject, intercepted), await through(subject, loopback)]
    for (const other of others) expect(other).toEqual(one)
  })

  it.each([
    ["a connection that breaks after the write", { kind: "lostReply" }],
    ["a connection that breaks before it", { kind: "resetBefore" }],
    ["half of a reply", { kind: "truncatedBody" }],
  ] as const)("over a real socket through %s, once", async (_, fault) => {
    const done = await through(subject, loopback, [fault])
    for (const tag of done.first) expect(["Written", "Created"]).toContain(tag)
    expect(done.again).toEqual(["Unchanged", "Unchanged", "Unchanged", "Unchanged"])
    expect(done.records).toHaveLength(4)
  })
})

/** A host that nobody should be led to; what was asked of it. */
const stranger = async () => {
  const asked: Array<http.IncomingHttpHeaders> = []
  const server = http.createServer((request, response) => {
    asked.push(request.headers)
    response.end("{}")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/collect`,
    asked,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

describe.each([
  ["HubSpot", HubSpot.subject],
  ["Acumatica", Acumatica.subject],
] as const)("the connector for %s is not led astray", (_, subject) => {
  it.each([
    ["by interception", intercepted],
    ["over a loopback port", loopback],
  ] as const)("%s, by redirects of reads, writes and sign-ins to another host", async (_, door) => {
    const elsewhere = await stranger()
    try {
      const targets = [
        (bench: Benches.Bench) => bench.isWrite,
        (bench: Benches.Bench) => bench.isRead,
        (bench: Benches.Bench) => bench.isToken,
      ]
      for (const target of targets) {
        const bench = Benches.make(subject)
        const fault = { kind: "redirect", location: elsewhere.url } as const
        bench.twin.faults.deal({ at: target(bench), fault, times: 3 })
        await door(bench, async (how) => {
          await job(bench, { ...how, oauth: true }).catch((error: unknown) => {
            expect(String(error)).not.toContain(elsewhere.url)
          })
        })
        expect(bench.twin.journal.where(({ faults }) => faults.includes("redirect")).length).toBeGreaterThan(0)
        expect(bench.party.records().length).toBeLessThanOrEqual(4)
      }
      expect(elsewhere.asked).toEqual([])
    } finally {
      await elsewhere.close()
    }
  })
})
