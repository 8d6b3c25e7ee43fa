/** What a body or a seed wants to change, with names known, references found and values in the form of the world. */
import type { Cell } from "./Record.ts"

export interface Patch {
  readonly fields: Record<string, Cell>
  readonly parts: Record<string, Patch | null>
  /** Null empties. */
  readonly subs: Record<string, ReadonlyArray<Patch> | null>
}

export const empty = (): Patch => ({ fields: {}, parts: {}, subs: {} })
