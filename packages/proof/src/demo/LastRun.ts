/** What the last run left on disk, and whether this one may go on with it. */
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { FLOWS } from "./Erp.ts"
import * as Files from "./Files.ts"
import { type Options, Stopped, UsageError } from "./Options.ts"

/** How long twins may hold their ports that have saved their worlds, and twins that are about to. */
const PATIENCE = { saved: 2_000, saving: 15_000 }

const LOST =
  "the twins' process ended before it could save its worlds, and the store knows of more than they do. " +
  "Nobody can go on from there; start afresh with: npm run demo"

/** What to do now that a run has stopped somewhere. */
export const advice = (): string => (Files.last()?.saved === true ? "go on with: npm run demo -- --resume" : LOST)

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const settle = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once("connect", () => settle(true))
    socket.once("error", () => settle(false))
  })

/** Twins whose run was killed save their worlds by themselves, and hold their ports until they have. */
const untilQuiet = async ({ hubspot, port, saved }: Files.Run, stop: AbortSignal): Promise<void> => {
  const until = Date.now() + (saved ? PATIENCE.saved : PATIENCE.saving)
  for (const one of [port, hubspot]) {
    while (!stop.aborted && (await answers(one))) {
      if (Date.now() > until)
        throw new Stopped(
          `port ${one}, which a twin had before, is taken: by a run that still goes on, or by another program; end it first`,
        )
      await sleep(50)
    }
  }
}

const differs = (name: string, asked: unknown, found: unknown): UsageError =>
  new UsageError(`--${name}: asked for ${asked}, but what is on disk has ${found}; start fresh to change it`)

/** A run that goes on cannot be another one. */
const agree = ({ all, erp, seed }: Options, last: Files.Run): void => {
  const found = Files.promised().seed
  if (erp !== undefined && erp !== last.erp) throw differs("erp", erp, last.erp)
  if (seed !== undefined && seed !== found) throw differs("seed", seed, found)
  // Where a pair leaves nothing out, all is what it moves anyway.
  if (all && !FLOWS.every((flow) => last.profile.flows.includes(flow)))
    throw differs("all", FLOWS.join(", "), last.profile.flows.join(", "))
}

const goOn = async (options: Options, stop: AbortSignal): Promise<void> => {
  const last = Files.last()
  if (last === undefined) throw new UsageError("there is nothing to go on with; run `npm run demo` first")
  agree(options, last)
  await untilQuiet(last, stop)
  if (Files.last()?.saved !== true) throw new Stopped(LOST)
  if (options.forget) await Files.forgetStore()
}

const startFresh = async (stop: AbortSignal): Promise<void> => {
  const last = Files.last()
  // Twins that are still at it would write their worlds among the new ones.
  if (last?.saved === false) await untilQuiet(last, stop)
  if (!stop.aborted) await Files.clear()
}

/** Makes the folder ready for this run, or says why it cannot be. */
export const prepare = (options: Options, stop: AbortSignal): Promise<void> =>
  options.mode === "fresh" ? startFresh(stop) : goOn(options, stop)
