/** A relay with its types let go: what the steps below need of it, and how it names things. */
import type * as Change from "../../Change.ts"
import type * as Entity from "../../Entity.ts"
import * as ExternalKey from "../../ExternalKey.ts"
import type * as Port from "../../Port.ts"
import * as Reading from "../../Reading.ts"
import type * as Relay from "../../Relay.ts"
import * as Scope from "../../Scope.ts"
import type { Kind, Link, Parked, RecordRef } from "../../StateStore.ts"
import * as Guard from "../ownership/Guard.ts"
import type { Side, Table } from "../ownership/Table.ts"
import * as Verdict from "../ownership/Verdict.ts"

export type Loose = { readonly [field: string]: unknown }

/** A rule whose entity of the target is known. */
export interface Rule extends Relay.ReferenceRule {
  readonly path: string
  readonly to: string
}

/** A record of the source that has to be linked to a record of a kind before another one can be written. */
export type Waits = Pick<Parked, "waitsFor" | "as">

export interface Wiring {
  readonly name: string
  readonly source: Port.Any
  /** Guarded by the table. */
  readonly target: Port.Any
  /** What is known of a record when its write is guarded, by the write. */
  readonly facts: WeakMap<object, Facts>
  readonly table: Table
  readonly writer: Side
  readonly side: Side
  readonly map: (record: Loose, id: string) => Loose | undefined
  readonly references: ReadonlyArray<Rule>
  readonly aliases: (record: Loose, id: string) => ReadonlyArray<string>
  readonly adoptBy: ReadonlyArray<string> | undefined
  readonly onDelete: "keep" | "archive"
  readonly verify: "hash" | "read"
  readonly happened: (event: string, record: Loose) => boolean
  readonly readAhead: boolean
  readonly undo: boolean
  /** True when an owner of the target's fields depends on where the record was born. */
  readonly asksOrigin: boolean
  readonly lease: Relay.Options<Table, Entity.Any, Entity.Any, Side, Side>["lease"]
  readonly stream: string
  readonly reading: Omit<Port.ChangesOptions<Entity.Any>, "cursor">
  /** What this relay writes, and by its entity what else there is in the target's scope. */
  readonly targetKind: Kind
  readonly kind: (entity: string) => Kind
  /** A record of the source, by its entity there. */
  readonly ref: (id: string, entity?: string) => RecordRef
  readonly targetRef: (id: string) => RecordRef
  readonly key: (ref: RecordRef) => string
}

/** Where a record was born, and what has happened to it. */
export interface Facts {
  readonly origin?: Side
  readonly happened: (event: string) => boolean
}

// Numbers and other aliases are links of their own, apart from the ids.
export const aliasEntity = (entity: string): string => `${entity}#alias`

const given = <O extends object, K extends keyof O>(options: O, ...names: ReadonlyArray<K>): Partial<Pick<O, K>> => {
  const out: Partial<Pick<O, K>> = {}
  for (const name of names) if (options[name] !== undefined) out[name] = options[name]
  return out
}

const asksOrigin = (table: Table, entity: string, side: Side): boolean => {
  const rule = Verdict.ruleOf(table, entity)
  const owners = [rule, rule?.copyIn?.[side]].flatMap((each) => [each?.rest, ...Object.values(each?.fields ?? {})])
  return owners.includes("origin")
}

const rules = (
  references: { readonly [path: string]: string | Relay.ReferenceRule } | undefined,
  target: Entity.Any,
): ReadonlyArray<Rule> =>
  Object.entries(references ?? {}).map(([path, given]) => {
    const rule = typeof given === "string" ? { entity: given } : given
    return { to: target.references[path] ?? rule.entity, ...rule, path }
  })

export const make = <
  T extends Table,
  From extends Entity.Any,
  To extends Entity.Any,
  W extends Side,
  S extends Side,
  C,
  D,
>(
  options: Relay.Options<T, From, To, W, S, C, D>,
): Wiring => {
  const { direction, name, source, table, target } = options
  const sourceScope = Scope.format(source.scope)
  const kind = (entity: string): Kind => ({ scope: Scope.format(target.scope), entity })
  const targetKind = kind(target.entity.name)
  const facts = new WeakMap<object, Facts>()
  return {
    name,
    source,
    target: Guard.guard(target, {
      table,
      writer: direction.writer,
      target: direction.target,
      origin: (write) => facts.get(write)?.origin,
      happened: (event, write) => facts.get(write)?.happened(event) === true,
    }),
    facts,
    table,
    writer: direction.writer,
    side: direction.target,
    map: options.map as Wiring["map"],
    references: rules(options.references, target.entity),
    aliases: (options.aliases ?? (() => [])) as Wiring["aliases"],
    adoptBy: options.adoptBy,
    onDelete: options.onDelete ?? "keep",
    verify: options.verify ?? "hash",
    happened: (options.happened ?? (() => false)) as Wiring["happened"],
    readAhead: options.readAhead === true,
    undo: options.undo === true,
    asksOrigin: asksOrigin(table, target.entity.name, direction.target),
    lease: options.lease,
    stream: Reading.of(source.scope, source.entity.name, { reader: name }).stream,
    reading: { reader: name, ...given(options, "fields", "where", "since") } as Wiring["reading"],
    targetKind,
    kind,
    ref: (id, entity = source.entity.name) => ({ scope: sourceScope, entity, id }),
    targetRef: (id) => ({ ...targetKind, id }),
    key: (ref) => ExternalKey.make({ ...ref, scope: options.keyScope ?? ref.scope }),
  }
}

export type Page = Change.Page<Loose>
export type Upserted = Change.Upserted<Loose>
export type { Kind, Link, RecordRef }
