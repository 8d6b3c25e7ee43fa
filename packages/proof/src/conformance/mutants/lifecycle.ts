/** Mutants that the rules of this family have to catch. */
import type { Known } from "./Known.ts"

export const lifecycle: ReadonlyArray<Known> = []
