/** Security: credentials stay here, and no key changes a question. */
import type { Rule } from "../../kit/Rule.ts"
import { foreignLink } from "./foreignLink.ts"
import { foreignRedirect } from "./foreignRedirect.ts"
import { hostileKeys } from "./hostileKeys.ts"
import { hostileValues } from "./hostileValues.ts"
import { plainHttp } from "./plainHttp.ts"
import { sealedStore } from "./sealedStore.ts"
import { secretsNowhere } from "./secretsNowhere.ts"

export const security: ReadonlyArray<Rule> = [
  foreignRedirect,
  foreignLink,
  hostileKeys,
  hostileValues,
  secretsNowhere,
  sealedStore,
  plainHttp,
]
