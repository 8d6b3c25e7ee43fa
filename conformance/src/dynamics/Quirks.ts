import type { Quirk } from "../twin/Twin.ts"
export const QUIRKS: ReadonlyArray<Quirk> = []
