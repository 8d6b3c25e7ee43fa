/** Throttling: limits are kept, and waiting is told. */
import type { Rule } from "../../kit/Rule.ts"
import { retryAfter } from "./retryAfter.ts"

export const throttling: ReadonlyArray<Rule> = [retryAfter]
