import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, readAll, reasonOf, tags, upserted } from "./portal.ts"

describe("companies", () => {
  it("are created by our key, found by it, and not written again when they are the same", async () => {
    const { journal, ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const write = {
          key: key("Account", "C0001"),
          fields: { name: "Åkerlund & Söner AB", domain: "akerlund.example", erpNumber: "C0001" },
        }
        const [first] = yield* ports.Company.upsert([write])
        expect(first?._tag).toBe("Created")
        const writes = journal.writes().length
        expect(tags(yield* ports.Company.upsert([write]))).toEqual(["Unchanged"])
        expect(journal.writes()).toHaveLength(writes)
        const found = yield* ports.Company.find([write.key, key("Account", "none")])
        expect([...found.keys()]).toEqual([write.key])
        expect(found.get(write.key)?.record).toMatchObject(write.fields)
        const [changed] = yield* ports.Company.upsert([{ ...write, fields: { name: "Åkerlund" } }])
        expect(changed).toMatchObject({ _tag: "Updated", id: idOf(first) })
        expect(world.records("companies")).toHaveLength(1)
      }),
    )
  })
})
void [Decimal, readAll, reasonOf, upserted]
