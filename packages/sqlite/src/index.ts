export * as SqliteBackend from "./SqliteBackend.ts"
export * as SqliteStore from "./SqliteStore.ts"
