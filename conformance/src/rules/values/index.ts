/** Values: what went in comes out the same. */
import type { Rule } from "../../kit/Rule.ts"

export const values: ReadonlyArray<Rule> = []
