/** Idempotency: running again changes nothing. */
import type { Rule } from "../../kit/Rule.ts"
import { adoptAmbiguous } from "./adoptAmbiguous.ts"
import { adoptOne } from "./adoptOne.ts"
import { again } from "./again.ts"
import { errorAfterWrite } from "./errorAfterWrite.ts"
import { inputOrder } from "./inputOrder.ts"
import { lateCommit } from "./lateCommit.ts"
import { lostReply } from "./lostReply.ts"
import { sameKeyTwice } from "./sameKeyTwice.ts"
import { storeLost } from "./storeLost.ts"
import { twoCallers } from "./twoCallers.ts"

export const idempotency: ReadonlyArray<Rule> = [
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
]
