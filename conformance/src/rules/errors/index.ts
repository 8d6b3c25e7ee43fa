/** Errors: what went wrong is told in the same words for every vendor. */
import type { Rule } from "../../kit/Rule.ts"

export const errors: ReadonlyArray<Rule> = []
