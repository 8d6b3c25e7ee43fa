/** Life cycle: what ends leaves nothing behind. */
import type { Rule } from "../../kit/Rule.ts"

export const lifecycle: ReadonlyArray<Rule> = []
