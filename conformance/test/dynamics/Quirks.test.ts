import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { defaults } from "../../src/dynamics/Knobs.ts"
import * as Sets from "../../src/dynamics/Sets.ts"
import { make } from "./Client.ts"

const DESCRIPTION = readFileSync(new URL("../../../specs/dynamics/metadata.xml", import.meta.url), "utf8")

describe("the quirks", () => {
  it("have a name of their own, a grade and a source, and the assumed ones name none", () => {
    const { quirks } = make().twin
    expect(new Set(quirks.map((one) => one.id)).size).toBe(quirks.length)
    for (const { grade, says, source } of quirks) {
      expect(says.endsWith(".") || says.endsWith("'")).toBe(true)
      expect(source === "no source; the safe assumption").toBe(grade === "assumed")
    }
    expect(new Set(quirks.map((one) => one.grade))).toEqual(new Set(["observed", "documented", "reported", "assumed"]))
  })

  it("cover every set that the description has, each over a table that is there", () => {
    const described = [...DESCRIPTION.matchAll(/<EntitySet Name="(\w+)"/g)].map(([, name]) => name ?? "")
    const { world } = make()
    expect(described.filter((name) => world.findView(name) === undefined)).toEqual([])
    expect(world.model.all().map((one) => one.name)).toEqual(described)
  })

  it("show under another name only what another set of the table has, and of the same kind", () => {
    const { world } = make()
    const wrong: Array<string> = []
    for (const { name, fields } of world.model.all()) {
      const { renamed, table } = Sets.setOf(name)
      const others = world.model.all().filter((one) => one.name !== name && Sets.setOf(one.name).table === table)
      for (const [field, column] of Object.entries(renamed)) {
        const own = fields.get(field)
        if (own === undefined || column.startsWith("$") || column === "dataAreaId") continue
        const found = others.map((one) => one.fields.get(column)).find((one) => one !== undefined)
        // Of some dates nobody has said which of the two kinds they are.
        if (found?.kind !== own.kind && own.kind !== "when")
          wrong.push(`${name}.${field} ${own.kind}: ${column} ${found?.kind}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it("turn nothing on that a knob has to", () => {
    expect(defaults()).toMatchObject({
      busy: "no",
      commitDelay: 0,
      textFunctions: false,
      eventTwice: false,
      bi: "served",
    })
  })
})
