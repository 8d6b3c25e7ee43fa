/** Authentication: tokens are asked for once, and never hammered. */
import type { Rule } from "../../kit/Rule.ts"
import { forbidden } from "./forbidden.ts"
import { refreshAhead } from "./refreshAhead.ts"
import { refusedForGood } from "./refusedForGood.ts"
import { refusedRefresh } from "./refusedRefresh.ts"
import { rotatedBeforeUse } from "./rotatedBeforeUse.ts"
import { tokenExpired } from "./tokenExpired.ts"
import { wrongCredentials } from "./wrongCredentials.ts"

export const auth: ReadonlyArray<Rule> = [
  tokenExpired,
  refreshAhead,
  refusedRefresh,
  rotatedBeforeUse,
  refusedForGood,
  wrongCredentials,
  forbidden,
]
