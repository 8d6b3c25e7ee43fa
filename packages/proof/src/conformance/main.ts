/** `npm run conformance`: every rule and every sweep against each of our connectors on its twin, in virtual time. */
import { isClean } from "@mortise/conformance/kit/Result"
import * as Suite from "@mortise/conformance/kit/Suite"
import { subjects } from "./subjects/index.ts"

for (const subject of subjects) {
  const result = await Suite.run(subject)
  console.log(subject.name, result.profile, result.counts)
  if (!isClean(result)) process.exitCode = 1
}
