/** Reading: nothing is lost, and nothing comes twice. */
import type { Rule } from "../../kit/Rule.ts"
import { blindEdits } from "./blindEdits.ts"
import { cap } from "./cap.ts"
import { changeDuringCrawl } from "./changeDuringCrawl.ts"
import { deletions } from "./deletions.ts"
import { eachOnce } from "./eachOnce.ts"
import { endlessPaging } from "./endlessPaging.ts"
import { firstRecord } from "./firstRecord.ts"
import { foreignCursor } from "./foreignCursor.ts"
import { lateCommit } from "./lateCommit.ts"
import { merges } from "./merges.ts"
import { nothingTwice } from "./nothingTwice.ts"
import { overdue } from "./overdue.ts"
import { pageBoundary } from "./pageBoundary.ts"
import { pushIsHint } from "./pushIsHint.ts"
import { smallCursor } from "./smallCursor.ts"
import { stopAndResume } from "./stopAndResume.ts"
import { undecodable } from "./undecodable.ts"
import { unselected } from "./unselected.ts"

export const reading: ReadonlyArray<Rule> = [
  eachOnce,
  pageBoundary,
  stopAndResume,
  nothingTwice,
  changeDuringCrawl,
  lateCommit,
  firstRecord,
  cap,
  endlessPaging,
  undecodable,
  deletions,
  merges,
  blindEdits,
  overdue,
  pushIsHint,
  unselected,
  foreignCursor,
  smallCursor,
]
