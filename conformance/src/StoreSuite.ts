/**
 * The promises of every state store backend, as a list of cases for any test framework. A backend that passes them all
 * can stand under `StateStore`.
 *
 * ```ts
 * import { describe, it } from "vitest"
 * StoreSuite.describeStore("my backend", { describe, it, bench: Effect.sync(() => ({ open, bytes })) })
 * ```
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { backendCases } from "./internal/store/BackendCases.ts"
import type { Bench, StoreCase } from "./internal/store/Bench.ts"
import { leaseCases } from "./internal/store/LeaseCases.ts"
import { pageCases } from "./internal/store/PageCases.ts"
import { relayCases } from "./internal/store/RelayCases.ts"
import { secretCases } from "./internal/store/SecretCases.ts"

export type { Bench, StoreCase }

export const cases: ReadonlyArray<StoreCase> = [
  ...backendCases,
  ...pageCases,
  ...relayCases,
  ...leaseCases,
  ...secretCases,
]

/** Runs one case on a new, empty database; rejects when the backend breaks the promise. */
export const runCase = <E>(each: StoreCase, bench: Effect.Effect<Bench, E, Scope.Scope>): Promise<void> =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(bench, (made) => each.run(made))))

export interface DescribeOptions<E> {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
  /** A new, empty database for each case. */
  readonly bench: Effect.Effect<Bench, E, Scope.Scope>
}

export const describeStore = <E>(name: string, options: DescribeOptions<E>): void => {
  options.describe(`${name} keeps the promises of a store`, () => {
    for (const each of cases) options.it(each.name, () => runCase(each, options.bench))
  })
}
