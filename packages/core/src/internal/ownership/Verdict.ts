/** Reads the table: may this writer write this field of this record? */
import type { EntityRule, Owner, Side, Table, Writer } from "./Table.ts"

/** What is known of the record, beyond the table. */
export interface Circumstances {
  readonly writer: Writer
  /** The side whose system is written to. */
  readonly target: Side
  /** The side where the record was born. Unknown: the writer's own, whose key it carries. */
  readonly origin?: Side
  /** True when the event has happened for this record. `created` is known from the write itself. */
  readonly happened?: (event: string) => boolean
}

export interface Verdict {
  readonly allowed: boolean
  /** Who owns it, in words. */
  readonly owner: string
  /** The line of the table that decided. */
  readonly rule: string
  /** Set where both sides may write. */
  readonly shared?: Extract<Owner, { readonly _tag: "Shared" }>
}

const own = <A>(from: { readonly [name: string]: A } | undefined, name: string): A | undefined =>
  from !== undefined && Object.hasOwn(from, name) ? from[name] : undefined

export const isDenied = (table: Table, entity: string, field?: string): boolean => {
  const denied = (names: ReadonlyArray<string> | undefined) => field !== undefined && names?.includes(field) === true
  return (
    table.deny.entities.includes(entity) ||
    denied(own(table.deny.fields, "*")) ||
    denied(own(table.deny.fields, entity))
  )
}

export const ruleOf = (table: Table, entity: string): EntityRule | undefined => own(table.entities, entity)

const ownerOf = (rule: EntityRule, field: string, target: Side): Owner => {
  const copy = rule.copyIn?.[target]
  return own(copy?.fields, field) ?? copy?.rest ?? own(rule.fields, field) ?? rule.rest
}

/** Every flow is the integration's: what the integration owns may be written on behalf of either side. */
const settle = (owner: Writer, at: Circumstances, rule: string): Verdict => ({
  allowed: owner === at.writer || owner === "integration",
  owner,
  rule,
})

const judge = (owner: Owner, at: Circumstances, name: string): Verdict => {
  if (owner === "origin") {
    if (at.writer === "integration") return { allowed: false, owner: at.origin ?? "origin", rule: `${name}: origin` }
    return settle(at.origin ?? at.writer, at, `${name}: origin`)
  }
  if (typeof owner === "string") return settle(owner, at, `${name}: ${owner}`)
  if (owner._tag === "Shared") {
    const rule = `${name}: shared(${owner.policy})`
    return { allowed: at.writer !== "integration", owner: "both", rule, shared: owner }
  }
  const now = at.happened?.(owner.event) === true ? owner.owner : owner.before
  return settle(now, at, `${name}: after(${owner.event}, ${owner.owner})`)
}

/** May this field be written? A field of `custom` goes by the owner of `custom`. */
export const field = (table: Table, entity: string, name: string, at: Circumstances): Verdict => {
  if (isDenied(table, entity, name)) return { allowed: false, owner: "nobody", rule: `${entity}.${name}: denied` }
  const rule = ruleOf(table, entity)
  if (rule === undefined) return { allowed: false, owner: "nobody", rule: `${entity}: not in the table` }
  return judge(ownerOf(rule, name, at.target), at, `${entity}.${name}`)
}

export type Right = "create" | "update" | "retire"

/** Has this writer the right? Every flow is the integration's, so its rights are everybody's. */
export const right = (table: Table, entity: string, which: Right, writer: Writer): Verdict => {
  if (isDenied(table, entity)) return { allowed: false, owner: "nobody", rule: `${entity}: denied` }
  const holders = ruleOf(table, entity)?.[which] ?? []
  const allowed = holders.includes(writer) || holders.includes("integration")
  return { allowed, owner: holders.length === 0 ? "nobody" : holders.join(" or "), rule: `${entity}: ${which}` }
}

export interface Sorted {
  readonly fields: { readonly [field: string]: unknown }
  readonly notOwned: ReadonlyArray<{ readonly field: string; readonly verdict: Verdict }>
  readonly shared: ReadonlyArray<{ readonly field: string; readonly verdict: Verdict }>
}

/** Sorts the fields of a write into what may be written and what may not. Absent fields are neither. */
export const sort = (table: Table, entity: string, fields: object, at: Circumstances): Sorted => {
  const may: { [field: string]: unknown } = {}
  const notOwned: Array<{ field: string; verdict: Verdict }> = []
  const shared: Array<{ field: string; verdict: Verdict }> = []
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const verdict = field(table, entity, name, at)
    if (!verdict.allowed) {
      notOwned.push({ field: name, verdict })
      continue
    }
    may[name] = value
    if (verdict.shared !== undefined) shared.push({ field: name, verdict })
  }
  return { fields: may, notOwned, shared }
}
