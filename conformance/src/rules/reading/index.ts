/** Reading: nothing is lost, and nothing comes twice. */
import type { Rule } from "../../kit/Rule.ts"
import { eachOnce } from "./eachOnce.ts"
import { undecodable } from "./undecodable.ts"

export const reading: ReadonlyArray<Rule> = [eachOnce, undecodable]
