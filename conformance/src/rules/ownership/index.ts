/** Ownership: nobody writes what the other side owns. */
import type { Rule } from "../../kit/Rule.ts"
import { absentIsNotNull } from "./absentIsNotNull.ts"
import { createRight } from "./createRight.ts"
import { customSurvives } from "./customSurvives.ts"
import { denied } from "./denied.ts"
import { echoEnds } from "./echoEnds.ts"
import { foreignField } from "./foreignField.ts"
import { heldDrafts } from "./heldDrafts.ts"
import { keyAlone } from "./keyAlone.ts"
import { neverPosts } from "./neverPosts.ts"
import { noRevisions } from "./noRevisions.ts"
import { noTable } from "./noTable.ts"
import { notClearable } from "./notClearable.ts"
import { nothingElseMoves } from "./nothingElseMoves.ts"
import { readOnly } from "./readOnly.ts"
import { staleRevision } from "./staleRevision.ts"
import { suppliedOnly } from "./suppliedOnly.ts"

export const ownership: ReadonlyArray<Rule> = [
  suppliedOnly,
  nothingElseMoves,
  absentIsNotNull,
  notClearable,
  customSurvives,
  keyAlone,
  foreignField,
  createRight,
  noTable,
  denied,
  staleRevision,
  noRevisions,
  echoEnds,
  readOnly,
  heldDrafts,
  neverPosts,
]
