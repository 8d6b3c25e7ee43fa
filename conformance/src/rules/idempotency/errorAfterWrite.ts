import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { writeUnder } from "./lostReply.ts"

export const errorAfterWrite: Rule = {
  id: "I/error-after-write",
  level: "MUST",
  needs: ["writes"],
  promise: "a write that was applied and answered with a server error is neither done twice nor told as not done",
  hazards: [Hazard.appliedUnanswered],
  assertions: 9,
  check: (bench, witness) => writeUnder(bench, witness, { kind: "errorAfter", status: 502 }),
}
