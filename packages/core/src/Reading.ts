/**
 * A reading: one reader of one entity of one connector, with the fields and conditions that it selected. It names the
 * marks and snapshots in the store, and every cursor is bound to it, so that a cursor of another tenant, entity or
 * selection is refused instead of silently skipping records.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Change from "./Change.ts"
import { ConnectorError, Invalid, type Issue, shape } from "./ConnectorError.ts"
import * as ContentHash from "./ContentHash.ts"
import * as Scope from "./Scope.ts"

export interface Reading {
  /** The name in the store. */
  readonly stream: string
  readonly scope: Scope.Scope
  readonly entity: string
  /** Digest of the selected fields and conditions. */
  readonly selection: string
}

/** What `changes` of a port is called with, as far as it says who reads what. */
export interface Selection {
  readonly fields?: ReadonlyArray<string>
  readonly where?: ReadonlyArray<unknown>
  readonly reader?: string
}

/** The reading of an entity by its name. The order of the fields does not matter, nor does naming one twice. */
export const of = (scope: Scope.Scope, entity: string, selection: Selection = {}): Reading => ({
  stream: [Scope.format(scope), entity, encodeURIComponent(selection.reader ?? "default")].join("|"),
  scope,
  entity,
  selection: ContentHash.ofJson({
    fields: selection.fields === undefined ? null : [...new Set(selection.fields)].sort(),
    where: selection.where ?? [],
  }),
})

/** The cursor of this reading for a strategy and its state, which has to be plain JSON. */
export const cursor = (reading: Reading, strategy: string, state: unknown): Change.Cursor => ({
  v: 1,
  scope: Scope.format(reading.scope),
  entity: reading.entity,
  selection: reading.selection,
  strategy,
  state,
})

/** What was handed to a reading does not belong to it. */
export const invalid = (reading: Reading, issues: ReadonlyArray<Issue>): ConnectorError =>
  new ConnectorError({
    system: reading.scope.system,
    operation: `${reading.entity}.changes`,
    reason: new Invalid({
      message: `${issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")}; start without a cursor, or read with what made it`,
      issues,
    }),
  })

const foreign = (expected: Change.Cursor, found: Change.Cursor): ReadonlyArray<Issue> =>
  (["scope", "entity", "selection", "strategy"] as const)
    .filter((field) => expected[field] !== found[field])
    .map((field) => ({ path: ["cursor", field], message: `is of another ${field}` }))

/** The state inside a cursor, or `Invalid` that names what is wrong with it. */
export const resume = <S>(
  reading: Reading,
  strategy: string,
  state: Schema.Codec<S, unknown>,
  found: Change.Cursor,
): Effect.Effect<S, ConnectorError> =>
  Effect.gen(function* () {
    const whole = yield* Schema.decodeUnknownEffect(Change.Cursor)(found).pipe(
      Effect.mapError(() => invalid(reading, [malformed(["cursor"], found)])),
    )
    const issues = foreign(cursor(reading, strategy, undefined), whole)
    if (issues.length > 0) return yield* Effect.fail(invalid(reading, issues))
    return yield* Schema.decodeUnknownEffect(state)(whole.state).pipe(
      Effect.mapError(() => invalid(reading, [malformed(["cursor", "state"], whole.state)])),
    )
  })

const malformed = (path: ReadonlyArray<string>, value: unknown): Issue => ({
  path,
  message: `is not a cursor of this version (${shape(value)})`,
})
