import { describe, expect } from "@effect/vitest"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { companies, deadLetters, it_, journal, type World, world } from "./support/oneRelay.ts"

const linksOf = (...ids: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const sources = ids.map((id) => ({ scope: "erp/one/", entity: "Account", id }))
    const links = yield* store.linksFrom(sources, { scope: "crm/two/", entity: "Company" })
    return sources.map((source) => links.get(StateStore.refKey(source))?.target.id)
  })

const accounts = (all: World, count: number): void => {
  for (let n = 1; n <= count; n++) all.erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
}

const orphans = Effect.map(journal("companies"), (lines) => lines.filter(({ decision }) => decision === "orphaned"))

describe("a merge in the source of two records that both are in the target", () => {
  it_(
    "leaves both records of the target, and tells by name which one is no longer written",
    Effect.gen(function* () {
      const all = world()
      accounts(all, 2)
      yield* companies(all).run
      all.erp.merge("Account", "a1", "a2")
      expect(yield* companies(all).run).toMatchObject({ merged: 1, orphaned: 1, created: 0, rejected: {} })
      expect(all.crm.rows("Company").map(({ id }) => id)).toEqual(["crm-1", "crm-2"])
      expect(yield* linksOf("a1", "a2")).toEqual([undefined, "crm-2"])
      const [orphan, ...more] = yield* orphans
      expect(more).toEqual([])
      expect(orphan).toMatchObject({ source: { id: "a1" }, target: { entity: "Company", id: "crm-1" } })
      expect(orphan?.reason).toContain("a1 was merged into a2, which is crm-2")
      // Nothing that a replay could write: it takes a person.
      expect(yield* deadLetters("companies")).toEqual([])
      expect(yield* companies(all).run).toMatchObject({ orphaned: 0 })
    }),
  )

  it_(
    "tells so of every one, when the survivor takes over the first of several",
    Effect.gen(function* () {
      const all = world()
      accounts(all, 3)
      yield* companies(all).run
      all.erp.table("Account").set("a9", { id: "a9", fields: { name: "A9", number: "C9" }, revision: 1 })
      for (const id of ["a1", "a2", "a3"]) all.erp.table("Account").delete(id)
      all.erp.log.push({ kind: "merged", entity: "Account", from: ["a1", "a2", "a3"], into: "a9" })
      expect(yield* companies(all).run).toMatchObject({ merged: 1, orphaned: 2, updated: 1 })
      expect(yield* linksOf("a1", "a2", "a3", "a9")).toEqual([undefined, undefined, undefined, "crm-1"])
      expect((yield* orphans).map(({ source, target }) => [source.id, target?.id])).toEqual([
        ["a2", "crm-2"],
        ["a3", "crm-3"],
      ])
    }),
  )

  it_(
    "has nothing to tell when both are the same record there",
    Effect.gen(function* () {
      const all = world()
      accounts(all, 2)
      yield* companies(all).run
      const store = yield* StateStore.StateStore
      const source = { scope: "erp/one/", entity: "Account", id: "a1" }
      const target = { scope: "crm/two/", entity: "Company", id: "crm-2" }
      yield* store.commit({ links: [{ source, target, key: "E|Account|a1" }] })
      all.erp.merge("Account", "a1", "a2")
      expect(yield* companies(all).run).toMatchObject({ merged: 1, orphaned: 0 })
      expect(yield* orphans).toEqual([])
    }),
  )
})
