/**
 * `npm run demo`: the twin of an ERP and a HubSpot twin in one process, the sync in another, and this one, which starts
 * them, shows progress, kills when asked, and in the end compares the two worlds.
 */
import type { ChildProcess } from "node:child_process"
import * as RateLimit from "@mortise/core/RateLimit"
import * as HubSpotConfig from "@mortise/hubspot/Config"
import * as HubSpotLimits from "@mortise/hubspot/Limits"
import * as Compare from "./Compare.ts"
import * as Dump from "./Dump.ts"
import type { Erp } from "./Erp.ts"
import { erpOf } from "./erps/index.ts"
import * as Files from "./Files.ts"
import * as Interruption from "./Interruption.ts"
import * as LastRun from "./LastRun.ts"
import type { FromSync, Progress, Ready, Saved } from "./Messages.ts"
import { DEFAULT_ERP, DEFAULT_SEED, HELP, type Options, parse, Stopped, UsageError } from "./Options.ts"
import * as Processes from "./Processes.ts"
import * as Report from "./Report.ts"

/** A run with its twins up. */
interface Run {
  readonly options: Options
  readonly stop: AbortSignal
  readonly twins: ChildProcess
  readonly ready: Ready
  /** The last that the twins say; undefined when they were killed before they could. */
  readonly saved: Promise<Saved | undefined>
}

interface Synced {
  readonly progress: ReadonlyArray<Progress>
  /** It ended by itself, and not well; it has said why. */
  readonly failed: boolean
  /** What kept it from ending by itself. */
  readonly cut?: string
}

const NOT_SYNCED: Synced = { progress: [], failed: false }

/** Runs the sync process to its end, or to the moment at which it is killed: by the twins, from here, or by anybody. */
const sync = async ({ options, ready, saved, stop, twins }: Run): Promise<Synced> => {
  const child = Processes.startSync(Files.syncEnvironment(ready))
  const kill = (): void => void child.kill("SIGKILL")
  let alone = false
  stop.addEventListener("abort", kill)
  void saved.then(() => {
    alone = true
    kill()
  })
  if (options.killAfter !== undefined && child.pid !== undefined)
    Processes.tell(twins, { _tag: "Kill", pid: child.pid, after: options.killAfter })
  const bars = Report.bars(Files.totals())
  const latest = new Map<string, Progress>()
  child.on("message", (progress: FromSync) => {
    latest.set(progress.relay, progress)
    bars.show(progress)
  })
  const { code, signal } = await Processes.ended(child)
  bars.stop()
  const progress = [...latest.values()]
  if (alone) return { progress, failed: false, cut: "the twins' process was ended" }
  if (signal !== null) return { progress, failed: false, cut: `the sync was ended by ${signal}` }
  return { progress, failed: code !== 0 }
}

/** What the limits of both vendors would need for these requests, had they nothing else to wait for. */
const least = (of: Erp, { erp, hubspot }: Saved): number =>
  Math.max(
    RateLimit.minimumMillis(of.limits, { [of.traffic]: erp.requests }),
    RateLimit.minimumMillis(HubSpotLimits.of(HubSpotConfig.PLAN), {
      search: hubspot.searches,
      burst: hubspot.requests - hubspot.searches,
    }),
  )

const say = (options: Options, result: Report.Result, more: object = {}): void => {
  if (options.json) console.log(JSON.stringify({ ...result, ...more }))
}

const whyStopped = ({ options, stop }: Run, { cut }: Synced, { killed }: Saved): string | undefined => {
  if (stop.aborted) return `stopped by ${stop.reason}`
  return killed ? `killed after request ${options.killAfter}, before its reply` : cut
}

const stopped = ({ options, stop }: Run, erp: Erp, progress: ReadonlyArray<Progress>, saved: Saved): number => {
  // What is lost here is what has not been moved yet.
  const result = Report.result(progress, saved, Compare.worlds(erp))
  say(options, result, saved.killed ? { killed: options.killAfter } : {})
  if (stop.aborted) return Interruption.exitCode(stop)
  return saved.killed ? 0 : 1
}

/** Whoever asked for a kill and got none has tested nothing. */
const notKilled = ({ killAfter }: Options, { requests }: Report.Result): boolean => {
  if (killAfter === undefined) return false
  console.log(`nothing was killed: the run was over after ${requests} requests, before request ${killAfter}`)
  return true
}

const finished = ({ options }: Run, erp: Erp, { failed, progress }: Synced, saved: Saved): number => {
  const compared = Compare.worlds(erp)
  const result = Report.result(progress, saved, compared)
  const traffic = Report.traffic(erp.title, saved, least(erp, saved), options.factor)
  console.log(`\n${Report.table(progress)}\n\n${traffic}`)
  console.log(`worlds compared: ${Compare.describe(compared)}`)
  for (const line of compared.findings.slice(0, 20)) console.log(`  ${line}`)
  const missed = notKilled(options, result)
  say(options, result)
  const changed = result.writes > 0 || result.created > 0
  const bad = result.duplicates > 0 || result.lost > 0 || (options.expectUnchanged && changed)
  return failed || missed || bad ? 1 : 0
}

const announce = (erp: Erp, { profile }: Ready, { factor }: Options): void => {
  console.log(
    `${erp.title} into HubSpot: ${profile.flows.join(", ")}${profile.standing ? ", and what accounts owe" : ""}`,
  )
  console.log(`clock: ${factor} times as fast as a real one; limits count in its time`)
  console.log(`in the data: ${Report.hazards(Files.promised().hazards)}\n`)
}

/** From the twins being up to their worlds being on disk again. */
const withTwins = async (run: Run): Promise<number> => {
  const { options, ready, stop, twins } = run
  const erp = erpOf(ready.erp)
  announce(erp, ready, options)
  const synced = stop.aborted ? NOT_SYNCED : await sync(run)
  // Whatever became of the sync, the worlds have seen what they have seen.
  Processes.tell(twins, { _tag: "Save" })
  const saved = await run.saved
  await Processes.ended(twins)
  if (saved === undefined) throw new Stopped(LastRun.advice())
  if (options.dump !== undefined) await Dump.write(options.dump)
  const why = whyStopped(run, synced, saved)
  if (why === undefined) return finished(run, erp, synced, saved)
  console.log(`\n${why}; ${LastRun.advice()}`)
  return stopped(run, erp, synced.progress, saved)
}

const run = async (options: Options): Promise<number> => {
  const stop = Interruption.listen()
  if (options.dump !== undefined) await Dump.prepare(options.dump)
  await LastRun.prepare(options, stop)
  if (stop.aborted) return Interruption.exitCode(stop)
  const twins = Processes.startTwins({
    MORTISE_DEMO_ERP: options.erp ?? DEFAULT_ERP,
    MORTISE_DEMO_ALL: String(options.all),
    MORTISE_DEMO_SEED: String(options.seed ?? DEFAULT_SEED),
    MORTISE_DEMO_FACTOR: String(options.factor),
  })
  const saved = Processes.message(twins, "Saved")
  const ready = await Processes.message(twins, "Ready")
  if (ready === undefined) throw new Stopped("the twins' process ended before it was up")
  return await withTwins({ options, stop, twins, ready, saved })
}

try {
  const options = parse(process.argv.slice(2))
  if (options === undefined) console.log(HELP)
  else process.exitCode = await run(options)
} catch (error) {
  if (!(error instanceof UsageError || error instanceof Stopped)) throw error
  const usage = error instanceof UsageError
  console.error(usage ? `demo: ${error.message}\n\n${HELP}` : `demo: ${error.message}`)
  process.exitCode = usage ? 2 : 1
}
