export * as Client from "./Client.ts"
export * as Keys from "./Keys.ts"
export * as Operations from "./Operations.ts"
export * as Values from "./Values.ts"
