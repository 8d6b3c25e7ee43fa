import type { Rule } from "../Rule.ts"
import { writeUnder } from "./lostReply.ts"

export const errorAfterWrite: Rule = {
  id: "I/error-after-write",
  level: "MUST",
  promise: "a write that was applied and answered with a server error is neither done twice nor told as not done",
  hazard: "the write was applied and a 5xx was served",
  check: (bench, witness) => writeUnder(bench, witness, { kind: "errorAfter", status: 502 }),
}
