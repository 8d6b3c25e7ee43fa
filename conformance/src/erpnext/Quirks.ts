export const QUIRKS: ReadonlyArray<import("../twin/Twin.ts").Quirk> = []
