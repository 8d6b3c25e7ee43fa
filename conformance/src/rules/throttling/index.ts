/** Throttling: limits are kept, and waiting is told. */
import type { Rule } from "../../kit/Rule.ts"
import { allWait } from "./allWait.ts"
import { backsOff } from "./backsOff.ts"
import { knownLimit } from "./knownLimit.ts"
import { longWait } from "./longWait.ts"
import { quota } from "./quota.ts"
import { retryAfter } from "./retryAfter.ts"
import { retryAfterDate } from "./retryAfterDate.ts"
import { throttledBatch } from "./throttledBatch.ts"

export const throttling: ReadonlyArray<Rule> = [
  retryAfter,
  retryAfterDate,
  backsOff,
  longWait,
  quota,
  knownLimit,
  allWait,
  throttledBatch,
]
