import { all, Reference } from "@mortise/core/Entities"
import { describe, expect, it } from "vitest"

describe("the entities of the domain", () => {
  it.each(Object.values(all))("$name says what each of its references points to", ({ fields, references }) => {
    const named = Object.keys(references).map((path) => path.split(/\[\]|\./)[0])
    for (const name of named) expect(Object.keys(fields)).toContain(name)
    // An owner is a user of the system, which is no entity of ours.
    const pointing = Object.entries(fields).flatMap(([name, { schema }]) =>
      schema === Reference && name !== "owner" ? [name] : [],
    )
    for (const name of pointing) expect(named).toContain(name)
    for (const entity of Object.values(references)) expect(Object.keys(all)).toContain(entity)
  })
})
