/** All scenarios that are swept, listed by hand. */
import type { Scenario } from "../kit/Scenario.ts"
import { batch } from "./batch.ts"
import { create } from "./create.ts"
import { lines } from "./lines.ts"
import { pollTwice } from "./pollTwice.ts"
import { readPastPage } from "./readPastPage.ts"
import { refresh } from "./refresh.ts"
import { relayPage } from "./relayPage.ts"
import { update } from "./update.ts"

export const scenarios: ReadonlyArray<Scenario> = [
  create,
  update,
  batch,
  lines,
  readPastPage,
  pollTwice,
  refresh,
  relayPage,
]
