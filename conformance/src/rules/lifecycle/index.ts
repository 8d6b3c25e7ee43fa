/** Life cycle: what ends leaves nothing behind. */
import type { Rule } from "../../kit/Rule.ts"
import { abortSignal } from "./abortSignal.ts"
import { deadline } from "./deadline.ts"
import { interruption } from "./interruption.ts"
import { leavesStream } from "./leavesStream.ts"
import { scopeEnds } from "./scopeEnds.ts"

export const lifecycle: ReadonlyArray<Rule> = [interruption, scopeEnds, deadline, abortSignal, leavesStream]
