/** Progress bars while the sync runs, and the table when it has ended. */
import cliProgress from "cli-progress"
import type { Progress, Saved } from "./Messages.ts"

/** The last line of `--json`. */
export interface Result {
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly writes: number
  readonly requests: number
  readonly throttled: number
  readonly duplicates: number
  readonly lost: number
}

export interface Bars {
  readonly show: (progress: Progress) => void
  readonly stop: () => void
}

/** One bar a relay; `totals` are the records that the source holds. Without a terminal, one line a finished relay. */
export const bars = (totals: Readonly<Record<string, number>>): Bars => {
  if (!process.stdout.isTTY) {
    return {
      show: (progress) => {
        if (progress.done) console.log(`${progress.relay.padEnd(10)} ${progress.read} read`)
      },
      stop: () => {},
    }
  }
  const multi = new cliProgress.MultiBar({
    format: "{relay} {bar} {value}/{total}",
    hideCursor: true,
    clearOnComplete: false,
  })
  const made = new Map<string, cliProgress.SingleBar>()
  return {
    show: (progress) => {
      const bar =
        made.get(progress.relay) ??
        multi.create(Math.max(1, totals[progress.relay] ?? 1), 0, { relay: progress.relay.padEnd(10) })
      made.set(progress.relay, bar)
      bar.update(progress.read)
    },
    stop: () => multi.stop(),
  }
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0)

const reasons = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ")

export const hazards = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([hazard, count]) => `${count} ${hazard}`)
    .join("; ")

export const table = (progress: ReadonlyArray<Progress>): string => {
  const head = ["", "read", "created", "updated", "unchanged", "rejected", "waiting", "why"]
  const rows = progress.map((one) => [
    one.relay,
    ...[one.read, one.created, one.updated, one.unchanged, sum(one.rejected), one.parked].map(String),
    reasons(one.rejected),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>) =>
    cells
      .map((cell, column) =>
        column === 0 || column === 7 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd()
  return [line(head), ...rows.map(line)].join("\n")
}

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

export const traffic = (title: string, saved: Saved, least: number, factor: number): string =>
  [
    `requests: ${saved.erp.requests} to ${title}, ${saved.hubspot.requests} to HubSpot (${saved.hubspot.writes} of them changed something)`,
    `429s met: ${saved.erp.throttled + saved.hubspot.throttled}`,
    `time: ${seconds(saved.elapsed)} of the twins' clock (x${factor}); the rate limits allow no less than ${seconds(least)}`,
  ].join("\n")

export const result = (
  progress: ReadonlyArray<Progress>,
  saved: Saved,
  compared: { readonly duplicates: number; readonly lost: number },
): Result => {
  const total = (pick: (one: Progress) => number) => progress.reduce((all, one) => all + pick(one), 0)
  return {
    read: total(({ read }) => read),
    created: total(({ created }) => created),
    updated: total(({ updated }) => updated),
    unchanged: total(({ unchanged }) => unchanged),
    rejected: total(({ rejected }) => sum(rejected)),
    writes: saved.hubspot.writes + saved.erp.writes,
    requests: saved.hubspot.requests + saved.erp.requests,
    throttled: saved.hubspot.throttled + saved.erp.throttled,
    duplicates: compared.duplicates,
    lost: compared.lost,
  }
}
