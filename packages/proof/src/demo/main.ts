/**
 * `npm run demo`: the twin of an ERP and a HubSpot twin in one process, the sync in another, and this one, which starts
 * them, shows progress, kills when asked, and in the end compares the two worlds.
 */
import { type ChildProcess, fork } from "node:child_process"
import { cp, mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import * as RateLimit from "@mortise/core/RateLimit"
import * as HubSpotConfig from "@mortise/hubspot/Config"
import * as HubSpotLimits from "@mortise/hubspot/Limits"
import * as Compare from "./Compare.ts"
import type { Erp } from "./Erp.ts"
import { erpOf } from "./erps/index.ts"
import * as Files from "./Files.ts"
import type { FromSync, FromTwins, Progress, Ready, Saved, ToTwins } from "./Messages.ts"
import { HELP, type Options, parse, UsageError } from "./Options.ts"
import * as Report from "./Report.ts"

const start = (module: string, env: Readonly<Record<string, string>>): ChildProcess =>
  fork(join(import.meta.dirname, module), {
    execArgv: ["--conditions=@mortise/source", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })

const ended = (child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: string | null }> =>
  new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })))

/** The next message of this kind; fails when the process ends before it comes. */
const message = <T extends FromTwins["_tag"]>(twins: ChildProcess, tag: T): Promise<Extract<FromTwins, { _tag: T }>> =>
  new Promise((resolve, reject) => {
    const listen = (received: FromTwins) => {
      if (received._tag !== tag) return
      twins.off("message", listen)
      resolve(received as Extract<FromTwins, { _tag: T }>)
    }
    twins.on("message", listen)
    twins.once("exit", (code) => reject(new Error(`the twins' process ended with ${code}`)))
  })

const prepareFolder = async (options: Options): Promise<void> => {
  if (options.mode === "fresh") await rm(Files.folder, { recursive: true, force: true })
  else if (!Files.exist()) throw new UsageError("there is nothing to go on with; run `npm run demo` first")
  if (options.forget) await Files.forgetStore()
  await mkdir(Files.folder, { recursive: true })
}

interface Synced {
  readonly progress: ReadonlyArray<Progress>
  readonly killed: boolean
  /** It ended by itself, and not well; it has said why. */
  readonly failed: boolean
}

/** Runs the sync process to its end, or to the moment at which the twins kill it. */
const sync = async (twins: ChildProcess, ready: Ready, options: Options): Promise<Synced> => {
  const child = start("sync.main.ts", Files.syncEnvironment(ready))
  const tell = (told: ToTwins) => twins.send(told)
  if (options.killAfter !== undefined && child.pid !== undefined) {
    tell({ _tag: "Kill", pid: child.pid, after: options.killAfter })
  }
  const bars = Report.bars(Files.totals())
  const latest = new Map<string, Progress>()
  child.on("message", (progress: FromSync) => {
    latest.set(progress.relay, progress)
    bars.show(progress)
  })
  const { code, signal } = await ended(child)
  bars.stop()
  const killed = signal === "SIGKILL"
  return { progress: [...latest.values()], killed, failed: !killed && code !== 0 }
}

const save = async (twins: ChildProcess): Promise<Saved> => {
  const saved = message(twins, "Saved")
  const over = ended(twins)
  twins.send({ _tag: "Save" } satisfies ToTwins)
  const counted = await saved
  await over
  return counted
}

const dump = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const file of [Files.erpWorld, Files.hubspotWorld]) await cp(file, join(folder, Files.base(file)))
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

const report = (options: Options, erp: Erp, synced: Synced, saved: Saved): Report.Result => {
  const compared = Compare.worlds(erp)
  console.log(
    `\n${Report.table(synced.progress)}\n\n${Report.traffic(erp.title, saved, least(erp, saved), options.factor)}`,
  )
  console.log(`worlds compared: ${Compare.describe(compared)}`)
  for (const line of compared.findings.slice(0, 20)) console.log(`  ${line}`)
  return Report.result(synced.progress, saved, compared)
}

const run = async (options: Options): Promise<number> => {
  await prepareFolder(options)
  const twins = start("twins.main.ts", {
    MORTISE_DEMO_ERP: options.erp,
    MORTISE_DEMO_ALL: String(options.all),
    MORTISE_DEMO_SEED: String(options.seed),
    MORTISE_DEMO_FACTOR: String(options.factor),
  })
  process.once("exit", () => twins.kill("SIGKILL"))
  const ready = await message(twins, "Ready")
  const erp = erpOf(ready.erp)
  console.log(
    `${erp.title} into HubSpot: ${ready.profile.flows.join(", ")}${ready.profile.standing ? ", and what accounts owe" : ""}`,
  )
  console.log(`clock: ${options.factor} times as fast as a real one; limits count in its time`)
  console.log(`in the data: ${Report.hazards(Files.promised().hazards)}\n`)
  const synced = await sync(twins, ready, options)
  // Whatever became of the sync, the worlds have seen what they have seen.
  const saved = await save(twins)
  if (options.dump !== undefined) await dump(options.dump)
  if (synced.killed) {
    console.log(`\nkilled after request ${options.killAfter}, before its reply; go on with: npm run demo -- --resume`)
    // What is lost here is what has not been moved yet.
    const result = Report.result(synced.progress, saved, Compare.worlds(erp))
    if (options.json) console.log(JSON.stringify({ ...result, killed: options.killAfter }))
    return 0
  }
  const result = report(options, erp, synced, saved)
  if (options.json) console.log(JSON.stringify(result))
  if (synced.failed) return 1
  const unchanged = result.writes === 0 && result.created === 0
  return result.duplicates > 0 || result.lost > 0 || (options.expectUnchanged && !unchanged) ? 1 : 0
}

try {
  const options = parse(process.argv.slice(2))
  if (options === undefined) console.log(HELP)
  else process.exitCode = await run(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`demo: ${error.message}\n\n${HELP}`)
  process.exitCode = 2
}
