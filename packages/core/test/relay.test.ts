import { describe, expect, it } from "@effect/vitest"
import { layerMemory } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { both, fill } from "./support/leadToLedger.ts"
import { ModelSystem } from "./support/modelSystem.ts"

const worlds = () => {
  const erp = new ModelSystem("erp")
  const crm = new ModelSystem("crm")
  return { erp, crm, doors: { erp: erp.fetch, crm: crm.fetch } }
}

describe("a relay", () => {
  it.effect("carries every record over, and what it points to", () =>
    Effect.gen(function* () {
      const { crm, doors, erp } = worlds()
      fill(erp, 6, 9)
      const { companies, early, late } = yield* both(doors)
      expect(early).toMatchObject({ read: 9, parked: 9, created: 0 })
      expect(companies).toMatchObject({ read: 6, created: 6 })
      expect(late).toMatchObject({ read: 0, created: 9, unparked: 9, parked: 0 })
      expect(crm.rows("Company").map((row) => row.fields)).toContainEqual({
        name: "Account 3",
        phone: "+3",
        erpNumber: "C3",
      })
      const contact = crm.rows("Contact").find((row) => row.fields["lastName"] === "Person 3")
      const company = crm.rows("Company").find((row) => row.fields["erpNumber"] === "C3")
      expect(contact?.fields["company"]).toEqual({ id: company?.id, key: company?.key })
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("writes nothing when it is run again", () =>
    Effect.gen(function* () {
      const { crm, doors, erp } = worlds()
      fill(erp, 6, 9)
      yield* both(doors)
      const writes = crm.counts.writes
      const again = yield* both(doors)
      expect(again.late).toMatchObject({ read: 0, created: 0, updated: 0, unchanged: 0 })
      expect(crm.counts.writes).toBe(writes)
    }).pipe(Effect.provide(layerMemory())),
  )

  it.effect("finds its records again when the store is lost, and makes no second one", () =>
    Effect.gen(function* () {
      const { crm, doors, erp } = worlds()
      fill(erp, 6, 9)
      yield* Effect.provide(both(doors), layerMemory())
      const writes = crm.counts.writes
      const again = yield* Effect.provide(both(doors), layerMemory())
      expect(again.companies).toMatchObject({ read: 6, created: 0, unchanged: 6 })
      expect(again.late).toMatchObject({ created: 0, unchanged: 9, unparked: 9 })
      expect(crm.counts.writes).toBe(writes)
      expect(crm.rows("Company")).toHaveLength(6)
      expect(crm.rows("Contact")).toHaveLength(9)
    }),
  )
})
