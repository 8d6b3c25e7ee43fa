/** Ownership: nobody writes what the other side owns. */
import type { Rule } from "../../kit/Rule.ts"
import { absentIsNotNull } from "./absentIsNotNull.ts"
import { heldDrafts } from "./heldDrafts.ts"
import { readOnly } from "./readOnly.ts"
import { suppliedOnly } from "./suppliedOnly.ts"

export const ownership: ReadonlyArray<Rule> = [suppliedOnly, absentIsNotNull, readOnly, heldDrafts]
