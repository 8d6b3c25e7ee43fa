/** What is done to a run, and where: faults and cuts by the request or write of the store that they meet. */
import type { CutPoint } from "../Epoch.ts"
import type { Fault } from "../twin/Faults.ts"

/** Everything that can happen to a request. */
export const faults = {
  lostReply: { kind: "lostReply" },
  refused: { kind: "refused" },
  resetBefore: { kind: "resetBefore" },
  errorAfter: { kind: "errorAfter", status: 502 },
  errorBefore: { kind: "errorBefore", status: 503 },
  slow: { kind: "slow", millis: 50_000, commit: "early" },
  late: { kind: "slow", millis: 200_000, commit: "late" },
  hang: { kind: "hang", applied: false },
  hangApplied: { kind: "hang", applied: true },
  throttle: { kind: "throttle" },
  throttleFor: { kind: "throttle", retryAfter: "7" },
  unauthorized: { kind: "unauthorized" },
  malformed: { kind: "malformedJson" },
  html: { kind: "htmlPage", status: 200 },
  htmlError: { kind: "htmlPage", status: 502 },
  truncated: { kind: "truncatedBody" },
  redirect: { kind: "redirect", location: "https://elsewhere.example/collect" },
} as const satisfies { readonly [name: string]: Fault }

export type FaultName = keyof typeof faults

export const faultNames = Object.keys(faults) as ReadonlyArray<FaultName>

export type Step =
  | { readonly _tag: "Fault"; readonly nth: number; readonly name: FaultName }
  | ({ readonly _tag: "Cut" } & CutPoint)

/** In order of what they meet. At most one cut: a process is cut off once. */
export type Schedule = ReadonlyArray<Step>

const stepText = (step: Step): string =>
  step._tag === "Fault" ? `${step.nth}:${step.name}` : `${step.nth}:cut-${step.when}-${step.kind}`

/** `3:lostReply,5:cut-after-request`: for reports, and to be read back by {@link parse}. */
export const format = (schedule: Schedule): string => schedule.map(stepText).join(",")

const parseStep = (text: string): Step => {
  const [nth, what = ""] = text.split(":")
  const at = Number(nth)
  const cut = /^cut-(before|after)-(request|write)$/.exec(what)
  if (!Number.isInteger(at) || at < 1 || (cut === null && !Object.hasOwn(faults, what))) {
    throw new RangeError(
      `"${text}" is no step of a schedule: expected <number>:<${faultNames.join("|")}|cut-before-request|cut-after-request|cut-before-write|cut-after-write>`,
    )
  }
  return cut === null
    ? { _tag: "Fault", nth: at, name: what as FaultName }
    : { _tag: "Cut", nth: at, when: cut[1] as CutPoint["when"], kind: cut[2] as CutPoint["kind"] }
}

/** Throws a `RangeError` that says what a step looks like. */
export const parse = (text: string): Schedule => (text === "" ? [] : text.split(",").map(parseStep))

/** A seeded schedule of one to four steps over a run of these counts. */
export const random = (
  next: () => number,
  counts: { readonly requests: number; readonly writes: number },
): Schedule => {
  const pick = (below: number) => Math.floor(next() * below)
  const steps = new Map<number, Step>()
  const many = 1 + pick(4)
  for (let index = 0; index < many; index++) {
    const nth = 1 + pick(counts.requests)
    steps.set(nth, { _tag: "Fault", nth, name: faultNames[pick(faultNames.length)] ?? "lostReply" })
  }
  const all = [...steps.values()].sort((a, b) => a.nth - b.nth)
  if (next() < 0.5) return all
  const kind = counts.writes > 0 && next() < 0.5 ? "write" : "request"
  const of = kind === "write" ? counts.writes : counts.requests
  const cut: Step = { _tag: "Cut", kind, nth: 1 + pick(of), when: next() < 0.5 ? "before" : "after" }
  return [...all.slice(0, 3), cut]
}
