export type * as Faults from "./twin/Faults.ts"
export type * as Journal from "./twin/Journal.ts"
export type * as Twin from "./twin/Twin.ts"
