/** Security: credentials stay here, and no key changes a question. */
import type { Rule } from "../../kit/Rule.ts"
import { foreignRedirect } from "./foreignRedirect.ts"
import { hostileKeys } from "./hostileKeys.ts"

export const security: ReadonlyArray<Rule> = [foreignRedirect, hostileKeys]
