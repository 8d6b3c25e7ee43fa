/** Fields that both sides may write: the policy decides, by a fresh read of the target, whose value stands. */
import * as Effect from "effect/Effect"
import * as ContentHash from "../../ContentHash.ts"
import type * as Port from "../../Port.ts"
import type { Shared } from "../ownership/Table.ts"
import type { Ready } from "./Draft.ts"
import * as Notes from "./Notes.ts"
import type { Loose, Wiring } from "./Wiring.ts"

interface Sides {
  readonly ours: Loose
  readonly theirs: Loose
}

const newer = ({ ours, theirs }: Sides): boolean => {
  const [a, b] = [ours["modified"], theirs["modified"]]
  return typeof a === "string" && typeof b === "string" && Date.parse(a) > Date.parse(b)
}

/** Both sides hold a value and they differ: may ours stand? */
const wins = (wiring: Wiring, policy: Shared, sides: Sides): boolean => {
  switch (policy.policy) {
    case "owner":
      return policy.owner === wiring.writer
    case "newest":
      return newer(sides)
    case "ask":
      return false
  }
}

const same = (wiring: Wiring, field: string, a: unknown, b: unknown): boolean => {
  const hash = (value: unknown) => ContentHash.ofRecord(wiring.target.entity, { [field]: value })
  return hash(a) === hash(b)
}

const resolve = (wiring: Wiring, notes: Notes.Notes, ready: Ready, theirs: Loose | undefined): Ready => {
  if (theirs === undefined) return ready
  const fields: { [field: string]: unknown } = { ...ready.fields }
  for (const { field, verdict } of ready.shared) {
    const held = theirs[field]
    const policy = verdict.shared
    if (policy === undefined || held === undefined || held === null) continue
    if (same(wiring, field, fields[field], held)) continue
    if (wins(wiring, policy, { ours: ready.change.record, theirs })) continue
    delete fields[field]
    Notes.write(wiring, notes, {
      source: ready.source,
      decision: "notOwned",
      field,
      rule: verdict.rule,
      sourceVersion: ready.change.version,
      reason: policy.policy === "ask" ? "both sides hold a value; a person decides" : "the other side's value stands",
    })
  }
  return { ...ready, fields }
}

/** Leaves out the shared fields whose value in the target stands. Records without shared fields cost no request. */
export const settle = Effect.fnUntraced(function* (wiring: Wiring, notes: Notes.Notes, all: ReadonlyArray<Ready>) {
  const ids = all.flatMap(({ link, shared }) => (link !== undefined && shared.length > 0 ? [link.target.id] : []))
  if (ids.length === 0) return all
  const found: ReadonlyMap<string, Port.Found<Wiring["target"]["entity"]>> = yield* wiring.target.get([...new Set(ids)])
  return all.map((ready) =>
    ready.link === undefined || ready.shared.length === 0
      ? ready
      : resolve(wiring, notes, ready, found.get(ready.link.target.id)?.record as Loose | undefined),
  )
})
