/** The ownership table: who owns a field, who may create, update and retire a record, what nobody touches. */

export type Side = "crm" | "erp"
/** On whose behalf a write happens: with the data of one side, or with the integration's own keys and links. */
export type Writer = Side | "integration"

/** Passes to another owner with an event: `before` owns until it happened, `owner` from then on. */
export interface After<Event extends string = string, Before extends Writer = Writer, Then extends Writer = Writer> {
  readonly _tag: "After"
  readonly event: Event
  readonly before: Before
  readonly owner: Then
}

/**
 * Both sides may write it. When both did, `owner` lets `owner` win, `newest` the later stamp, and `ask` leaves it to a
 * person.
 */
export interface Shared<Policy extends SharedPolicy = SharedPolicy> {
  readonly _tag: "Shared"
  readonly policy: Policy
  readonly owner?: Side
}
export type SharedPolicy = "owner" | "newest" | "ask"

/** `origin` is the side where the record was born. */
export type Owner = Writer | "origin" | After | Shared

/** Who owns the fields of an entity. */
export interface Owners {
  /** The owner of every field that is not named. */
  readonly rest?: Owner
  readonly fields?: { readonly [field: string]: Owner }
}

export interface EntityRule extends Owners {
  /** Who may bring a record into being, change one, and retire one. Nobody: an empty list. */
  readonly create: ReadonlyArray<Writer>
  readonly update: ReadonlyArray<Writer>
  readonly retire: ReadonlyArray<Writer>
  readonly rest: Owner
  /** Other owners for the copy that stands in this side's system. */
  readonly copyIn?: { readonly [S in Side]?: Owners }
  /** A document of the books: in an ERP it is left as a draft, or not written. */
  readonly financial?: boolean
}

export interface Deny {
  /** Neither asked for nor written, whatever else is said. */
  readonly entities: ReadonlyArray<string>
  /** By entity; `*` is every entity. */
  readonly fields: { readonly [entity: string]: ReadonlyArray<string> }
}

export interface Table {
  readonly entities: { readonly [entity: string]: EntityRule }
  readonly deny: Deny
}

/** Passes to `owner` with the event; `before` owns it until then. */
export const after = <const Event extends string, const Then extends Writer, const Before extends Writer>(
  event: Event,
  owner: Then,
  before: Before,
): After<Event, Before, Then> => ({ _tag: "After", event, before, owner })

/** Both sides may write it; the policy decides when both did. `owner` needs to be told who that is. */
export const shared: {
  (policy: "newest" | "ask"): Shared<"newest" | "ask">
  (policy: "owner", owner: Side): Shared<"owner">
} = (policy: SharedPolicy, owner?: Side): Shared<never> =>
  ({ _tag: "Shared", policy, ...(owner === undefined ? {} : { owner }) }) as Shared<never>

/** A table of one's own, its owners kept as types. */
export const table = <const T extends Table>(rules: T): T => rules

/** Changes to a table: what is named is replaced, `fields` is merged field by field. */
export interface Edit {
  readonly entities?: { readonly [entity: string]: Partial<EntityRule> }
  readonly deny?: Partial<Deny>
}

type MergeFields<A, B> = A extends object ? (B extends object ? Omit<A, keyof B> & B : A) : B
type MergeRule<A, B> = Omit<A, keyof B | "fields"> &
  Omit<B, "fields"> & {
    readonly fields: MergeFields<
      A extends { fields: infer F } ? F : unknown,
      B extends { fields: infer F } ? F : unknown
    >
  }
type MergeEntities<A, B> = {
  readonly [K in keyof A | keyof B]: K extends keyof B
    ? K extends keyof A
      ? MergeRule<A[K], B[K]>
      : B[K]
    : K extends keyof A
      ? A[K]
      : never
}
/** The type of a table after {@link edit}. */
export type Edited<T extends Table, U extends Edit> = {
  readonly entities: U extends { entities: infer E } ? MergeEntities<T["entities"], E> : T["entities"]
  readonly deny: Deny
}

/** A table with changes: what is named is replaced, `fields` is merged field by field, denials are added. */
export const edit = <const T extends Table, const U extends Edit>(base: T, changes: U): Edited<T, U> => {
  const entities: { [entity: string]: EntityRule } = { ...base.entities }
  for (const [entity, rule] of Object.entries(changes.entities ?? {})) {
    const before = entities[entity] ?? NOBODY
    entities[entity] = { ...before, ...rule, fields: { ...before.fields, ...rule.fields } }
  }
  return { entities, deny: deny(base.deny, changes.deny) } as unknown as Edited<T, U>
}

const NOBODY: EntityRule = { create: [], update: [], retire: [], rest: "origin" }

const deny = (base: Deny, more: Partial<Deny> | undefined): Deny => {
  const fields: { [entity: string]: ReadonlyArray<string> } = { ...base.fields }
  for (const [entity, names] of Object.entries(more?.fields ?? {}))
    fields[entity] = [...(fields[entity] ?? []), ...names]
  return { entities: [...base.entities, ...(more?.entities ?? [])], fields }
}
