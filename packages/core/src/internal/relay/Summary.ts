import type * as Relay from "../../Relay.ts"

type Counted = Exclude<keyof Relay.Summary, "rejected">

export const none: Relay.Summary = {
  read: 0,
  created: 0,
  updated: 0,
  written: 0,
  unchanged: 0,
  notOwned: 0,
  echoes: 0,
  skipped: 0,
  parked: 0,
  unparked: 0,
  deleted: 0,
  merged: 0,
  orphaned: 0,
  undecodable: 0,
  rejected: {},
}

const counted = Object.keys(none).filter((name) => name !== "rejected") as ReadonlyArray<Counted>

export const add = (a: Relay.Summary, b: Relay.Summary): Relay.Summary => {
  const sum: { -readonly [K in Counted]: number } = { ...none }
  for (const name of counted) sum[name] = a[name] + b[name]
  const rejected: { [reason: string]: number } = { ...a.rejected }
  for (const [reason, count] of Object.entries(b.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count
  return { ...sum, rejected }
}

/** Counts while a page is worked on. */
export interface Tally {
  readonly count: (what: Counted, by?: number) => void
  readonly reject: (reason: string) => void
  readonly summary: () => Relay.Summary
}

export const tally = (): Tally => {
  const counts: { -readonly [K in Counted]: number } = { ...none }
  const rejected: { [reason: string]: number } = {}
  return {
    count: (what, by = 1) => {
      counts[what] += by
    },
    reject: (reason) => {
      rejected[reason] = (rejected[reason] ?? 0) + 1
    },
    summary: () => {
      const { ...numbers } = counts
      return { ...numbers, rejected: { ...rejected } }
    },
  }
}
