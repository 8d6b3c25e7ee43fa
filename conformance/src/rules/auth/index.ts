/** Authentication: tokens are asked for once, and never hammered. */
import type { Rule } from "../../kit/Rule.ts"
import { tokenExpired } from "./tokenExpired.ts"

export const auth: ReadonlyArray<Rule> = [tokenExpired]
