/** `npm run conformance`: every rule against each of our connectors on its twin, in virtual time. */
import * as Judge from "./Judge.ts"
import * as Report from "./Report.ts"
import { rules } from "./rules/index.ts"
import { subjects } from "./subjects/index.ts"

console.log(Report.head())
const verdicts = await Judge.all(rules, subjects, (verdict) => console.log(Report.line(verdict)))
console.log(`\n${Report.sum(verdicts)}`)
process.exitCode = Report.isClean(verdicts) ? 0 : 1
