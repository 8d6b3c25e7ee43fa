/** Several writes of one record in one call become one write, field by field, later over earlier. */
import type * as BatchUpsert from "../../BatchUpsert.ts"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Outcome from "../../Outcome.ts"
import type * as Port from "../../Port.ts"
import * as Values from "../../Values.ts"

type Loose = { readonly [field: string]: unknown }

const isRecord = (value: unknown): value is Loose =>
  value !== null && typeof value === "object" && !Array.isArray(value)

/** What writing nothing at all leaves of an address, member by member. */
const NO_ADDRESS: Loose = Object.fromEntries(Object.keys(Values.Address.fields).map((member) => [member, null]))

/** One value after the other. A member of an address that is absent is left alone, and what was cleared stays so. */
const address = (earlier: unknown, later: unknown): unknown => {
  if (!isRecord(later) || earlier === undefined) return later
  return { ...(earlier === null ? NO_ADDRESS : (earlier as Loose)), ...later }
}

/** Addresses and `custom` are folded member by member; everything else, lines too, is replaced as a whole. */
const fields = (entity: Entity.Any, earlier: Loose, later: Loose): Loose => {
  const folded: { [field: string]: unknown } = { ...earlier, ...later }
  for (const [field, value] of Object.entries(later)) {
    if (entity.fields[field]?.schema === Values.Address) folded[field] = address(earlier[field], value)
    else if (field === "custom" && isRecord(value) && isRecord(earlier[field])) {
      folded[field] = { ...earlier[field], ...value }
    }
  }
  return folded
}

const two = <E extends Entity.Any, C>(
  entity: E,
  earlier: Port.Write<E, C>,
  later: Port.Write<E, C>,
): Port.Write<E, C> => ({
  ...earlier,
  ...later,
  fields: fields(entity, earlier.fields as Loose, later.fields as Loose) as Entity.Patch<E, C>,
})

interface Group<E extends Entity.Any, C> {
  write: Port.Write<E, C>
  readonly inputs: Array<number>
  /** Set when the writes of the group cannot all hold. */
  clash?: string
}

/** The ids that come with each key: a write that names only the key belongs to them. */
const idsOfKeys = <E extends Entity.Any, C>(
  records: ReadonlyArray<Port.Write<E, C>>,
): ReadonlyMap<string, Set<string>> => {
  const ids = new Map<string, Set<string>>()
  for (const { id, key } of records) {
    if (id === undefined || key === undefined) continue
    const known = ids.get(key)
    if (known === undefined) ids.set(key, new Set([id]))
    else known.add(id)
  }
  return ids
}

const name = <E extends Entity.Any, C>(write: Port.Write<E, C>, ids: ReadonlyMap<string, Set<string>>): string => {
  if (write.id !== undefined) return `id ${write.id}`
  const known = ids.get(write.key as string)
  return known?.size === 1 ? `id ${[...known][0]}` : `key ${write.key}`
}

const join = <E extends Entity.Any, C>(entity: E, group: Group<E, C>, write: Port.Write<E, C>): void => {
  const before = group.write.ifRevision
  if (before !== undefined && write.ifRevision !== undefined && before !== write.ifRevision) {
    group.clash = "two writes of this record in one call name different revisions"
  }
  group.write = two(entity, group.write, write)
}

export interface Folded<E extends Entity.Any, C> {
  readonly items: ReadonlyArray<BatchUpsert.Item<E, C>>
  /** Outcomes of inputs that contradict each other. */
  readonly clashes: ReadonlyMap<number, Outcome.Outcome>
}

/** Folds the inputs that were not refused. A linked id beats a key; a key alone joins the id that it came with. */
export const fold = <E extends Entity.Any, C, P>(
  options: BatchUpsert.Options<E, C, P>,
  refused: ReadonlyMap<number, Outcome.Outcome>,
): Folded<E, C> => {
  const sound = options.records.filter((_, index) => !refused.has(index))
  const ids = idsOfKeys(sound)
  const groups = new Map<string, Group<E, C>>()
  options.records.forEach((write, index) => {
    if (refused.has(index)) return
    const group = groups.get(name(write, ids))
    if (group === undefined) groups.set(name(write, ids), { write, inputs: [index] })
    else {
      join(options.entity, group, write)
      group.inputs.push(index)
    }
  })
  return separate(options, [...groups.values()])
}

const separate = <E extends Entity.Any, C, P>(
  options: BatchUpsert.Options<E, C, P>,
  groups: ReadonlyArray<Group<E, C>>,
): Folded<E, C> => {
  const items: Array<BatchUpsert.Item<E, C>> = []
  const clashes = new Map<number, Outcome.Outcome>()
  for (const { clash, inputs, write } of groups) {
    if (clash === undefined) items.push({ ...write, trace: `w${inputs[0]}`, inputs })
    else for (const index of inputs) clashes.set(index, rejected(options, clash))
  }
  return { items, clashes }
}

const rejected = (
  options: { readonly system: string; readonly operation: string },
  message: string,
): Outcome.Outcome => ({
  _tag: "Rejected",
  error: new ConnectorError.ConnectorError({
    system: options.system,
    operation: options.operation,
    reason: new ConnectorError.Conflict({ message }),
  }),
})
