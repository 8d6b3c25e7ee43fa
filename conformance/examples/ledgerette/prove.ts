/** All rules and sweeps against the adapter. */
import { isClean } from "@mortise/conformance/kit/Result"
import * as Suite from "@mortise/conformance/kit/Suite"
import { subject } from "./subject.ts"

const result = await Suite.run(subject)
for (const { findings, id, verdict } of result.rules) {
  if (verdict !== "passed" && verdict !== "skipped") console.log(verdict, id, ...findings)
}
for (const { failures, id, verdict } of result.sweeps) {
  if (verdict === "failed") console.log(verdict, id, failures[0]?.schedule, ...(failures[0]?.problems ?? []))
}
console.log(result.connector.name, result.profile, result.counts)
if (!isClean(result)) process.exitCode = 1
