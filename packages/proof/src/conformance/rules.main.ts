/** `npm run rules:doc`: writes `docs/conformance/rules.md` from the rules. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as RulesPage from "@mortise/conformance/report/RulesPage"
import { rules } from "@mortise/conformance/rules/index"
import { scenarios } from "@mortise/conformance/scenarios/index"

const folder = join(import.meta.dirname, "../../../../docs/conformance")
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, "rules.md"), RulesPage.text(rules, scenarios))
console.log(`docs/conformance/rules.md: ${rules.length} rules, ${scenarios.length} scenarios`)
