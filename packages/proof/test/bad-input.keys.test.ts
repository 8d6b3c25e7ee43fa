import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as Benches from "@mortise/conformance/kit/Bench"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"

const subjects = [
  ["HubSpot", HubSpot.subject],
  ["Acumatica", Acumatica.subject],
] as const

/** Ends a literal, adds a condition, a member, a path, a line, a header; or is just unusual. */
const HOSTILE: ReadonlyArray<string> = [
  "'",
  "''",
  "' or '1' eq '1",
  "x' or AccountRef ne '",
  "startswith(a,'')",
  "substringof('a', AccountRef)",
  "%27 or 1 eq 1",
  "a&$top=1000",
  "a?$filter=true",
  "../../Customer",
  "a/b%2Fc",
  "]|",
  "a|b|c",
  '"}],"filterGroups":[]',
  "\\",
  '"',
  "*",
  "null",
  "{}",
  "\r\nX-Injected: 1",
  "a\u0000b",
  "\u0001\u001f\u007f",
  "\u202Eevil",
  "ключ",
  "鍵🗝️",
  " leading and trailing ",
  "_41",
  "A",
  "a",
]

const everything = (bench: Benches.Bench) => JSON.stringify(bench.party.records())

/** Some records of ours and some of others, which no key below is that of. */
const settled = (bench: Benches.Bench) =>
  Effect.gen(function* () {
    bench.party.enter(100, 3)
    const connected = yield* bench.connect()
    const port = bench.party.port(connected)
    yield* port.upsert([1, 2, 3].map((n) => bench.party.write(n)))
    yield* bench.catchUp
    return { connected, port }
  })

describe.each(subjects)("a key in %s", (_, subject) => {
  it("that nobody has finds nobody, alone or beside one that somebody has", async () => {
    const bench = Benches.make(subject)
    const { party } = bench
    const wrong = await bench.run(
      Effect.gen(function* () {
        const { port } = yield* settled(bench)
        const good = party.write(2).key
        const before = everything(bench)
        const wrong: Array<string> = []
        for (const key of HOSTILE) {
          const alone = yield* port.find([key])
          if (alone.size > 0) wrong.push(`${JSON.stringify(key)} alone found ${[...alone.keys()]}`)
          const beside = yield* port.find([key, good])
          if ([...beside.keys()].join() !== good) wrong.push(`${JSON.stringify(key)} changed what was found beside it`)
        }
        if (everything(bench) !== before) wrong.push("the world changed")
        return wrong
      }),
    )
    expect(wrong).toEqual([])
  })

  it("names its own record and no other, whatever it holds, and comes back as it was", async () => {
    const bench = Benches.make(subject)
    const { party } = bench
    await bench.run(
      Effect.gen(function* () {
        const { port } = yield* settled(bench)
        const before = new Map(party.records().map((one) => [one.id, JSON.stringify(one)]))
        const writes = HOSTILE.map((key, n) => ({ ...party.write(1000 + n), key }))
        const outcomes = yield* port.upsert(writes)
        yield* bench.catchUp
        for (const one of party.records()) {
          if (before.has(one.id)) expect(JSON.stringify(one)).toBe(before.get(one.id))
        }
        const made = party.records().filter(({ id }) => !before.has(id))
        expect(made.map(({ key }) => key).sort()).toEqual([...HOSTILE].sort())
        expect(outcomes.every(Outcome.isSettled)).toBe(true)
        const again = yield* port.upsert(writes)
        expect(again.map(({ _tag }) => _tag)).toEqual(HOSTILE.map(() => "Unchanged"))
        const found = yield* port.find(HOSTILE)
        expect([...found.keys()].sort()).toEqual([...HOSTILE].sort())
      }),
    )
  })

  it("that differs from another only by case or by an accent is another record's", async () => {
    const bench = Benches.make(subject)
    const { party } = bench
    const keys = ["a|b|Straße", "a|b|strasse", "a|b|STRASSE", "a|b|cafe\u0301", "a|b|caf\u00e9", "a|b|x", "a|b|X"]
    await bench.run(
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect())
        yield* port.upsert(keys.map((key, n) => ({ ...party.write(n), key })))
      }),
    )
    expect(
      party
        .records()
        .map(({ key }) => key)
        .sort(),
    ).toEqual([...keys].sort())
  })

  it("as an id finds nobody and changes nobody", async () => {
    const bench = Benches.make(subject)
    const { party } = bench
    const tags = await bench.run(
      Effect.gen(function* () {
        const { port } = yield* settled(bench)
        const before = everything(bench)
        const tags: Array<string> = []
        for (const id of HOSTILE) {
          const found = yield* Effect.result(port.get([id]))
          if (found._tag === "Success" && found.success.size > 0) tags.push(`${JSON.stringify(id)} was found`)
          if (found._tag === "Failure" && found.failure.reason._tag !== "Invalid") {
            tags.push(`${JSON.stringify(id)}: ${found.failure.message}`)
          }
          const [outcome] = yield* port.upsert([{ id, fields: { name: "Changed" } }] as Parameters<
            Port.Any["upsert"]
          >[0])
          if (outcome?._tag !== "Rejected") tags.push(`${JSON.stringify(id)} was ${outcome?._tag}`)
        }
        if (everything(bench) !== before) tags.push("the world changed")
        return tags
      }),
    )
    expect(tags).toEqual([])
    expect(party.records().length).toBe(6)
  })

  it("as a natural key finds nobody else", async () => {
    const bench = Benches.make(subject)
    const { party } = bench
    const adopted = await bench.run(
      Effect.gen(function* () {
        const { port } = yield* settled(bench)
        const before = party.records()
        const writes = ["' or '1' eq '1", "*", "%", "x' or MainContact/Email ne '", '"'].map((value, n) => ({
          ...party.write(1000 + n, { name: `Natural ${n}`, [party.natural]: value }),
          adoptBy: [party.natural as never],
        }))
        yield* port.upsert(writes)
        const now = new Map(party.records().map((one) => [one.id, JSON.stringify(one)]))
        return before.filter((one) => now.get(one.id) !== JSON.stringify(one))
      }),
    )
    expect(adopted).toEqual([])
  })
})

describe("a filter of Acumatica's", () => {
  it("holds each key as one literal, of characters that end none", async () => {
    const bench = Benches.make(Acumatica.subject)
    await bench.run(
      Effect.gen(function* () {
        const port = bench.party.port(yield* bench.connect())
        yield* port.find(HOSTILE)
      }),
    )
    const filters = bench.twin.journal
      .where(bench.isRead)
      .map(({ url }) => new URL(url).searchParams.get("$filter") ?? "")
    const literals = filters.flatMap((filter) =>
      [...filter.matchAll(/AccountRef eq '([^']*)'/g)].map((match) => match[1]),
    )
    const rest = filters.map((filter) => filter.replaceAll(/AccountRef eq '[^']*'/g, "_").replaceAll(/[_ ()]|or/g, ""))
    expect(rest.join("")).toBe("")
    expect(literals.map((literal) => ExternalKey.decode(literal ?? "")).sort()).toEqual([...HOSTILE].sort())
    expect((bench.twin.world as AcumaticaTwin.AcumaticaWorld).all("Customer")).toEqual([])
  })
})
