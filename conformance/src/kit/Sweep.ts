/**
 * Disturbs a scenario in every way that there is: every fault at every request, and a crash before and after every
 * request and every write of the store, each followed by restarts from the store until the scenario ends well. The world
 * that is left behind has to be the one that an undisturbed run leaves. Then seeded random schedules of several faults;
 * one that fails is shrunk to the shortest that still does.
 */
import * as Exit from "effect/Exit"
import * as Epoch from "../Epoch.ts"
import { messageOf } from "../internal/Thrown.ts"
import type { JournalLine } from "../twin/Journal.ts"
import { seededRandom } from "../twin/Twin.ts"
import * as VirtualClock from "../VirtualClock.ts"
import * as Bench from "./Bench.ts"
import type { Mutant } from "./Mutant.ts"
import type { Scenario } from "./Scenario.ts"
import * as Schedules from "./Schedule.ts"
import type { Subject } from "./Subject.ts"
import { difference } from "./Witness.ts"

export interface Failure {
  readonly schedule: string
  /** Of a random schedule. */
  readonly seed?: number
  readonly problems: ReadonlyArray<string>
  readonly transcript: ReadonlyArray<JournalLine>
  /** What opened a door in the run: no report may show it. */
  readonly secrets: ReadonlySet<string>
}

export interface Swept {
  readonly scenario: Scenario
  readonly subject: string
  readonly requests: number
  readonly storeWrites: number
  /** Places at which something was done to the run: requests that met faults, and crashes. */
  readonly cutPoints: number
  readonly faults: number
  readonly crashes: number
  readonly seeds: ReadonlyArray<number>
  /** Steps that met nothing, because the run was over before; they prove nothing and are no cut points. */
  readonly unmet: number
  readonly failures: ReadonlyArray<Failure>
  /** What the adapter does where the run does not reach. */
  readonly notes: ReadonlyArray<string>
  readonly millis: number
}

export interface Options {
  readonly mutant?: Mutant
  /** Of random schedules; none unless told. */
  readonly seeds?: ReadonlyArray<number>
  /** Only these steps, as a report gave them. */
  readonly only?: Schedules.Schedule
  /** Ends after the first failure: enough to kill a mutant. */
  readonly untilFailure?: boolean
  readonly tell?: (done: number, of: number) => void
  /** Whether every start has modules of its own; else only starts after some of the crashes have. */
  readonly anew?: boolean
  /** What went wrong in this process beside the calls that were made, since it was asked last. */
  readonly strays?: () => Promise<ReadonlyArray<string>>
  /** Real time after which the sweep is given up, in milliseconds. */
  readonly patienceMillis?: number
}

/** Scenarios that are longer are cut at each distinct kind of operation only. */
export const MOST_REQUESTS = 40

/** A supervisor starts a program that failed so often again. */
const ATTEMPTS = 8

const PATIENCE = 300_000

interface Ready {
  readonly world: unknown
  readonly store: ReadonlyArray<{ readonly space: string; readonly key: string; readonly value: string }>
  readonly start: number
}

interface Baseline {
  readonly counts: Epoch.Counts
  readonly census: ReadonlyArray<string>
  readonly lines: ReadonlyArray<JournalLine>
}

interface Played {
  readonly problems: ReadonlyArray<string>
  /** Whether every step met something. */
  readonly met: boolean
  readonly bench: Bench.Bench
}

const benchOptions = ({ anew, mutant }: Options): Bench.Options => ({
  ...(mutant === undefined ? {} : { mutant }),
  ...(anew === undefined ? {} : { anew }),
})

/** The world before the scenario: what was entered by hand, and what an earlier program left behind. */
const prepared = async (subject: Subject, scenario: Scenario, options: Options): Promise<Ready> => {
  const bench = Bench.make(subject, benchOptions(options))
  scenario.prepare?.(bench)
  await bench.run(bench.catchUp)
  // A connector that was opened once has made ready what it owns.
  await bench.run(scenario.before?.(bench) ?? bench.connect())
  await bench.run(bench.catchUp)
  return {
    world: structuredClone(bench.twin.world.dump()),
    store: bench.backend.entries().map((entry) => ({ ...entry })),
    start: bench.clock.now(),
  }
}

const opened = (subject: Subject, ready: Ready, options: Options): Bench.Bench =>
  Bench.make(subject, {
    world: structuredClone(ready.world),
    store: ready.store,
    start: ready.start,
    ...benchOptions(options),
  })

const baseline = async (subject: Subject, scenario: Scenario, ready: Ready, options: Options): Promise<Baseline> => {
  const bench = opened(subject, ready, options)
  const play = scenario.play(bench)
  if (options.anew === true) await bench.renew()
  const process = bench.begin()
  const end = await process.run(play.program)
  if (!Exit.isExit(end)) throw new Error(`undisturbed, it did not end: ${messageOf(end)}`)
  if (Exit.isFailure(end)) throw new Error(`undisturbed, it failed: ${String(end.cause)}`)
  if (!end.value) throw new Error("undisturbed, it left something undone")
  const problems = play.problems()
  if (problems.length > 0) throw new Error(`undisturbed: ${problems.join("; ")}`)
  await bench.run(bench.catchUp)
  return { counts: process.counts(), census: bench.census(), lines: [...bench.twin.journal.lines] }
}

const arm = (bench: Bench.Bench, process: Bench.Process, schedule: Schedules.Schedule): void => {
  const from = bench.twin.journal.count()
  for (const step of schedule) {
    if (step._tag === "Cut") process.cutAt(step)
    else bench.twin.faults.deal({ at: from + step.nth, fault: Schedules.faults[step.name] })
  }
}

/**
 * A process that is started again has nothing of what the first one kept in its modules. To load them takes time, so it
 * is done where it hurts most: after the crashes that come between the vendor's answer and whoever asked.
 */
const isRenewed = (schedule: Schedules.Schedule): boolean =>
  schedule.some((step) => step._tag === "Cut" && step.kind === "request" && step.when === "after")

/** Runs it under the schedule, and again until it ends well, and once more; then compares the worlds. */
const play = async (
  subject: Subject,
  scenario: Scenario,
  ready: Ready,
  whole: Baseline,
  schedule: Schedules.Schedule,
  options: Options,
): Promise<Played> => {
  const bench = opened(subject, ready, options)
  const { problems, program } = scenario.play(bench)
  if (options.anew === true) await bench.renew()
  let process = bench.begin()
  let wasCut = false
  arm(bench, process, schedule)
  const troubles: Array<string> = []
  for (let attempt = 1; ; attempt++) {
    const end = await process.run(program)
    if (end instanceof VirtualClock.Stuck) return { bench, met: true, problems: [`it hung: ${end.message}`] }
    if (end instanceof Epoch.Cut) wasCut = true
    else if (Exit.isSuccess(end) && end.value) break
    else if (Exit.isFailure(end)) troubles.push(String(end.cause).split("\n")[0] ?? "")
    if (attempt === ATTEMPTS) {
      return { bench, met: true, problems: [`after ${ATTEMPTS} starts it had not ended well: ${troubles.at(-1)}`] }
    }
    await bench.clock.advance("1 minute")
    if (options.anew === true || (end instanceof Epoch.Cut && isRenewed(schedule))) await bench.renew()
    process = bench.begin()
  }
  // What was given up may still be under way, and is applied then.
  await bench.clock.advance("15 minutes")
  await bench.run(program)
  const { missing, tooMany } = difference(whole.census, bench.census())
  const short = (line: string) => line.slice(0, 300)
  return {
    bench,
    met: bench.twin.faults.pending().length === 0 && (wasCut || !schedule.some(({ _tag }) => _tag === "Cut")),
    problems: [
      ...missing.map((line) => `missing: ${short(line)}`),
      ...tooMany.map((line) => `too many: ${short(line)}`),
      ...problems(),
      ...bench.foreign.map((url) => `asked ${url}`),
    ],
  }
}

/** What a request is about, without what names a record. */
const kindOf = ({ method, url }: JournalLine): string => {
  const { pathname } = new URL(url)
  return `${method} ${decodeURIComponent(pathname).replace(/\([^)]*\)|'[^']*'|[\w-]*\d{3,}[\w-]*/g, "*")}`
}

/** The requests that are disturbed: all of a short run; of a long one each kind first, second and last. */
const chosen = (lines: ReadonlyArray<JournalLine>): ReadonlyArray<number> => {
  const all = lines.map((_, index) => index + 1)
  if (lines.length <= MOST_REQUESTS) return all
  const byKind = new Map<string, Array<number>>()
  lines.forEach((line, index) => {
    byKind.set(kindOf(line), [...(byKind.get(kindOf(line)) ?? []), index + 1])
  })
  return [...new Set([...byKind.values()].flatMap((nths) => [...nths.slice(0, 2), ...nths.slice(-1)]))].sort(
    (a, b) => a - b,
  )
}

/** Faults that differ from others only in that something was written. */
const ONLY_WRITES: ReadonlySet<Schedules.FaultName> = new Set(["lostReply", "errorAfter", "hangApplied", "late"])

const MOST_WRITES = 40

/** Every schedule of one step. */
const everySingle = (whole: Baseline): ReadonlyArray<Schedules.Schedule> => {
  const nths = chosen(whole.lines)
  const dealt = nths.flatMap((nth) =>
    Schedules.faultNames
      .filter((name) => whole.lines[nth - 1]?.changed === true || !ONLY_WRITES.has(name))
      .map((name): Schedules.Schedule => [{ _tag: "Fault", nth, name }]),
  )
  const cut = (kind: "request" | "write", nth: number): ReadonlyArray<Schedules.Schedule> => [
    [{ _tag: "Cut", kind, nth, when: "before" }],
    [{ _tag: "Cut", kind, nth, when: "after" }],
  ]
  const { writes } = whole.counts
  const stride = Math.max(1, Math.ceil(writes / MOST_WRITES))
  const writeNths = Array.from({ length: writes }, (_, index) => index + 1).filter((nth) => nth % stride === 0)
  return [...dealt, ...nths.flatMap((nth) => cut("request", nth)), ...writeNths.flatMap((nth) => cut("write", nth))]
}

/** Leaves out steps as long as what is left still fails. */
const shrunk = async (
  schedule: Schedules.Schedule,
  problemsOf: (shorter: Schedules.Schedule) => Promise<ReadonlyArray<string>>,
): Promise<Schedules.Schedule> => {
  for (const [index] of schedule.entries()) {
    if (schedule.length === 1) return schedule
    const shorter = schedule.filter((_, at) => at !== index)
    if ((await problemsOf(shorter)).length > 0) return shrunk(shorter, problemsOf)
  }
  return schedule
}

const MOST_HINTED = 3

const SHARED =
  "with modules that are loaded anew at every start it passes: the adapter keeps something from one opening to the next"

/** The hint for what fails, and does not where nothing is left of an opening before; told when `isMended` says so. */
const hinted = async (
  subject: Subject,
  problems: ReadonlyArray<string>,
  isMended: () => Promise<boolean>,
): Promise<ReadonlyArray<string>> =>
  subject.anew !== undefined && (await isMended().catch(() => false)) ? [...problems, SHARED] : problems

interface Task {
  readonly schedule: Schedules.Schedule
  readonly seed?: number
}

const tasksOf = (whole: Baseline, options: Options): ReadonlyArray<Task> => {
  if (options.only !== undefined) return [{ schedule: options.only }]
  const seeded = (options.seeds ?? []).map((seed) => ({
    seed,
    schedule: Schedules.random(seededRandom(seed), whole.counts),
  }))
  return [...everySingle(whole).map((schedule) => ({ schedule })), ...seeded]
}

export const brokenOff = (
  subject: string,
  scenario: Scenario,
  problems: ReadonlyArray<string>,
  began: number,
): Swept => ({
  scenario,
  subject,
  requests: 0,
  storeWrites: 0,
  cutPoints: 0,
  faults: 0,
  crashes: 0,
  seeds: [],
  unmet: 0,
  failures: [{ schedule: "", problems, transcript: [], secrets: new Set() }],
  notes: [],
  millis: performance.now() - began,
})

export const sweep = async (subject: Subject, scenario: Scenario, options: Options = {}): Promise<Swept> => {
  const began = performance.now()
  const deadline = began + (options.patienceMillis ?? PATIENCE)
  try {
    const ready = await prepared(subject, scenario, options)
    const whole = await baseline(subject, scenario, ready, options)
    return await sweepFrom(subject, scenario, ready, whole, options, began, deadline)
  } catch (error) {
    const isMended = async () => {
      const anew = { ...options, anew: true }
      await baseline(subject, scenario, await prepared(subject, scenario, anew), anew)
      return true
    }
    const problems = [messageOf(error), ...((await options.strays?.()) ?? [])]
    return brokenOff(subject.name, scenario, await hinted(subject, problems, isMended), began)
  }
}

const sweepFrom = async (
  subject: Subject,
  scenario: Scenario,
  ready: Ready,
  whole: Baseline,
  options: Options,
  began: number,
  deadline: number,
): Promise<Swept> => {
  const notes = new Set<string>()
  const attempt = async (schedule: Schedules.Schedule, of = options): Promise<Played> => {
    const played = await play(subject, scenario, ready, whole, schedule, of)
    for (const note of played.bench.notes) notes.add(note)
    const beside = [...played.bench.faults, ...((await of.strays?.()) ?? [])]
    return { ...played, problems: [...played.problems, ...beside] }
  }
  const tasks = tasksOf(whole, options)
  const failures: Array<Failure> = []
  const count = { faults: 0, crashes: 0, unmet: 0, done: 0 }
  for (const { schedule, seed } of tasks) {
    if (performance.now() > deadline) throw new Error(`it was given up after ${count.done} of ${tasks.length} runs`)
    const { bench, met, problems } = await attempt(schedule)
    count.done += 1
    options.tell?.(count.done, tasks.length)
    if (met) {
      count.faults += schedule.filter(({ _tag }) => _tag === "Fault").length
      count.crashes += schedule.filter(({ _tag }) => _tag === "Cut").length
    } else count.unmet += 1
    if (problems.length === 0) continue
    const least = await shrunk(schedule, async (shorter) => (await attempt(shorter)).problems)
    const last = least === schedule ? { bench, problems } : await attempt(least)
    const isMended = async () => (await attempt(least, { ...options, anew: true })).problems.length === 0
    failures.push({
      schedule: Schedules.format(least),
      ...(seed === undefined ? {} : { seed }),
      // The adapter is the same in all of them: the first few tell.
      problems: failures.length < MOST_HINTED ? await hinted(subject, last.problems, isMended) : last.problems,
      transcript: last.bench.twin.journal.lines,
      secrets: last.bench.secrets,
    })
    if (options.untilFailure === true) break
  }
  return {
    scenario,
    subject: subject.name,
    requests: whole.counts.requests,
    storeWrites: whole.counts.writes,
    cutPoints: count.faults + count.crashes,
    faults: count.faults,
    crashes: count.crashes,
    seeds: options.only === undefined ? (options.seeds ?? []) : [],
    unmet: count.unmet,
    failures,
    notes: [...notes],
    millis: performance.now() - began,
  }
}
