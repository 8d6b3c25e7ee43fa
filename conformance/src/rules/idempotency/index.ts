/** Idempotency: running again changes nothing. */
import type { Rule } from "../../kit/Rule.ts"
import { adoptAmbiguous } from "./adoptAmbiguous.ts"
import { adoptOnce } from "./adoptOnce.ts"
import { adoptOne } from "./adoptOne.ts"
import { adoptTaken } from "./adoptTaken.ts"
import { again } from "./again.ts"
import { diesAfterWrite } from "./diesAfterWrite.ts"
import { equalLines } from "./equalLines.ts"
import { errorAfterWrite } from "./errorAfterWrite.ts"
import { existingOnly } from "./existingOnly.ts"
import { idBeatsKey } from "./idBeatsKey.ts"
import { inputOrder } from "./inputOrder.ts"
import { keyOutlivesName } from "./keyOutlivesName.ts"
import { lateCommit } from "./lateCommit.ts"
import { linesAfterLostReply } from "./linesAfterLostReply.ts"
import { linesAgain } from "./linesAgain.ts"
import { lostReply } from "./lostReply.ts"
import { mergedAway } from "./mergedAway.ts"
import { nameAlone } from "./nameAlone.ts"
import { nothingToWrite } from "./nothingToWrite.ts"
import { parentAfterRetry } from "./parentAfterRetry.ts"
import { partialFailure } from "./partialFailure.ts"
import { relayAgain } from "./relayAgain.ts"
import { sameKeyTwice } from "./sameKeyTwice.ts"
import { storeLost } from "./storeLost.ts"
import { twoCallers } from "./twoCallers.ts"
import { twoNames } from "./twoNames.ts"
import { twoProcesses } from "./twoProcesses.ts"
import { twoScopes } from "./twoScopes.ts"
import { unknownItem } from "./unknownItem.ts"

export const idempotency: ReadonlyArray<Rule> = [
  again,
  lostReply,
  errorAfterWrite,
  lateCommit,
  diesAfterWrite,
  storeLost,
  sameKeyTwice,
  twoCallers,
  twoProcesses,
  nothingToWrite,
  adoptOne,
  adoptAmbiguous,
  adoptTaken,
  adoptOnce,
  nameAlone,
  idBeatsKey,
  existingOnly,
  keyOutlivesName,
  mergedAway,
  twoScopes,
  inputOrder,
  partialFailure,
  parentAfterRetry,
  linesAgain,
  twoNames,
  equalLines,
  linesAfterLostReply,
  unknownItem,
  relayAgain,
]
