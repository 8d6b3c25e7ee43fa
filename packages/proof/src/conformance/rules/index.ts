/** All rules, listed by hand. */
import type { Rule } from "../Rule.ts"
import { absentIsNotNull } from "./absentIsNotNull.ts"
import { adoptAmbiguous } from "./adoptAmbiguous.ts"
import { adoptOne } from "./adoptOne.ts"
import { again } from "./again.ts"
import { eachOnce } from "./eachOnce.ts"
import { errorAfterWrite } from "./errorAfterWrite.ts"
import { foreignRedirect } from "./foreignRedirect.ts"
import { heldDrafts } from "./heldDrafts.ts"
import { hostileKeys } from "./hostileKeys.ts"
import { inputOrder } from "./inputOrder.ts"
import { lateCommit } from "./lateCommit.ts"
import { lostReply } from "./lostReply.ts"
import { readOnly } from "./readOnly.ts"
import { retryAfter } from "./retryAfter.ts"
import { sameKeyTwice } from "./sameKeyTwice.ts"
import { storeLost } from "./storeLost.ts"
import { suppliedOnly } from "./suppliedOnly.ts"
import { tokenExpired } from "./tokenExpired.ts"
import { twoCallers } from "./twoCallers.ts"
import { undecodable } from "./undecodable.ts"

export const rules: ReadonlyArray<Rule> = [
  again,
  lostReply,
  errorAfterWrite,
  lateCommit,
  storeLost,
  sameKeyTwice,
  twoCallers,
  adoptOne,
  adoptAmbiguous,
  inputOrder,
  suppliedOnly,
  absentIsNotNull,
  readOnly,
  heldDrafts,
  eachOnce,
  undecodable,
  retryAfter,
  tokenExpired,
  foreignRedirect,
  hostileKeys,
]
