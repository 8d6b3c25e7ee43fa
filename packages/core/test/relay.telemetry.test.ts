import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Relay from "@mortise/core/Relay"
import { layerMemory } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import { table, toCrm } from "./support/leadToLedger.ts"
import { companies, type World, world } from "./support/oneRelay.ts"
import { type Watched, watched } from "./support/watched.ts"

const people = ({ contacts, people: source }: World) =>
  Relay.make({
    name: "people",
    source,
    target: contacts,
    table,
    direction: toCrm,
    map: ({ account, email, lastName }) => ({ email, lastName, company: account }),
    references: { company: "Account" },
    keyScope: "E",
  })

const filled = (): World => {
  const all = world({ pageSize: 2 })
  for (const n of [1, 2, 3]) all.erp.put("Account", `a${n}`, { name: n === 3 ? "poison" : `A${n}`, number: `C${n}` })
  for (const n of [1, 2]) all.erp.put("Contact", `p${n}`, { email: `p${n}@example.com`, account: { id: `a${n}` } })
  return all
}

const tree = (spans: ReadonlyArray<Tracer.NativeSpan>): ReadonlyArray<string> =>
  spans.map((span) => {
    const parent = Option.getOrUndefined(span.parent)
    return `${span.name} in ${parent?._tag === "Span" ? parent.name : "nothing"}`
  })

const attributesOf = ({ spans }: Watched<unknown, unknown>, name: string) =>
  spans.filter((span) => span.name === name).map(({ attributes }) => Object.fromEntries(attributes))

const said = ({ lines }: Watched<unknown, unknown>, level: string) =>
  lines.filter((line) => line.level === level).map(({ annotations, message }) => ({ message, ...annotations }))

describe("what can be watched of a relay", () => {
  it.effect("is a span for a run, with one for each of its parts under it", () =>
    Effect.gen(function* () {
      const all = filled()
      const relay = people(all)
      yield* relay.run
      yield* companies(all).run
      const seen = yield* watched(relay.run)
      expect(Exit.isSuccess(seen.exit)).toBe(true)
      expect(tree(seen.spans)).toEqual([
        "mortise.relay.run in nothing",
        "mortise.relay.recover in mortise.relay.run",
        "mortise.relay.page in mortise.relay.run",
        "mortise.relay.unpark in mortise.relay.run",
        "mortise.relay.page in mortise.relay.unpark",
      ])
      for (const { status } of seen.spans) expect(status._tag).toBe("Ended")
      const who = { relay: "people", source: "erp.Contact", target: "crm.Contact" }
      expect(attributesOf(seen, "mortise.relay.run")).toEqual([{ ...who, created: 2, unparked: 2 }])
      expect(attributesOf(seen, "mortise.relay.recover")).toEqual([{ ...who, intents: 0, found: 0 }])
      expect(attributesOf(seen, "mortise.relay.page")).toEqual([
        { ...who, kind: "page" },
        { ...who, kind: "unparked", created: 2 },
      ])
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("is a span for a replay and for taking up, when they are called by themselves", () =>
    Effect.gen(function* () {
      const all = filled()
      const relay = companies(all)
      yield* relay.run
      const replayed = yield* watched(relay.replay())
      expect(tree(replayed.spans)).toEqual([
        "mortise.relay.replay in nothing",
        "mortise.relay.recover in mortise.relay.replay",
        "mortise.relay.page in mortise.relay.replay",
      ])
      expect(attributesOf(replayed, "mortise.relay.page")).toMatchObject([
        { relay: "companies", kind: "replayed", rejected: 1, "rejected.Invalid": 1 },
      ])
      const unparked = yield* watched(relay.unpark())
      expect(tree(unparked.spans)).toEqual([
        "mortise.relay.unpark in nothing",
        "mortise.relay.recover in mortise.relay.unpark",
      ])
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("tells in one line what a finished run did, and warns of dead letters and orphans", () =>
    Effect.gen(function* () {
      const all = filled()
      const first = yield* watched(companies(all).run)
      expect(said(first, "Info")).toEqual([
        {
          message: "the relay has finished",
          relay: "companies",
          part: "run",
          read: 3,
          created: 2,
          rejected: 1,
          "rejected.Invalid": 1,
        },
      ])
      expect(said(first, "Warn")).toEqual([
        { message: "records became dead letters", relay: "companies", rejected: 1, "rejected.Invalid": 1 },
      ])
      all.erp.merge("Account", "a1", "a2")
      const merged = yield* watched(companies(all).run)
      expect(said(merged, "Warn")).toEqual([
        {
          message: "a merge left records of the target behind; the journal says which",
          relay: "companies",
          orphaned: 1,
        },
      ])
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("warns of a run that ended early, with its reason and what it did until then", () =>
    Effect.gen(function* () {
      const all = filled()
      // The first page is looked up and written; the look for the second one is refused.
      all.crm.troubles.set(3, "throttled")
      const seen = yield* watched(companies(all).run)
      expect(Exit.isFailure(seen.exit)).toBe(true)
      expect(said(seen, "Info")).toEqual([])
      expect(said(seen, "Warn")).toEqual([
        {
          message: "the relay ended early; run it again and it goes on",
          relay: "companies",
          part: "run",
          reason: "Throttled",
          read: 2,
          created: 2,
        },
      ])
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("holds nothing of what is in the records", () =>
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "poison of Rossi", number: "n-u-m-b-e-r", phone: "+39 055" })
      all.erp.put("Account", "a2", { name: "Bianchi", number: "n-u-m-b-e-r", phone: "+39 055" })
      const seen = yield* watched(
        Effect.gen(function* () {
          const relay = companies(all)
          yield* relay.run
          yield* relay.replay()
        }),
      )
      const deep = { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null }
      const text = [
        ...seen.lines,
        ...seen.metrics,
        ...seen.spans.map(({ attributes, events, name }) => [name, attributes, events]),
      ]
        .map((each) => inspect(each, deep))
        .join("\n")
      expect(text).toContain("mortise.relay.replay")
      for (const content of ["Rossi", "Bianchi", "n-u-m-b-e-r", "+39"]) expect(text).not.toContain(content)
    }).pipe(Effect.provide(layerMemory())),
  )
})
