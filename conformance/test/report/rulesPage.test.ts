import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as RulesPage from "../../src/report/RulesPage.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"

describe("the catalogue of the rules", () => {
  it("is what stands in docs/conformance/rules.md; npm run rules:doc writes it", () => {
    const page = readFileSync(new URL("../../../docs/conformance/rules.md", import.meta.url), "utf8")
    expect(page).toBe(RulesPage.text(rules, scenarios))
  })

  it("has a row for every rule and every scenario", () => {
    const page = RulesPage.text(rules, scenarios)
    for (const { id } of [...rules, ...scenarios]) expect(page).toContain(`\n| \`${id}\` |`)
  })
})
