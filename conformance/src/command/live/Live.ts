/** The command on a sandbox of the vendor: what a reader can see there, and with leave what a writer can. */
import { randomUUID } from "node:crypto"
import { resolve } from "node:path"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { SEAL_KEY, START } from "../../kit/Bench.ts"
import * as Checked from "../../kit/Checked.ts"
import type { Connected, Program, Subject } from "../../kit/Subject.ts"
import * as Transcript from "../../kit/Transcript.ts"
import * as Witness from "../../kit/Witness.ts"
import * as VirtualClock from "../../VirtualClock.ts"
import { type Check, checks, type Site } from "./Checks.ts"
import * as Door from "./Door.ts"
import * as Target from "./Target.ts"

export interface Options {
  readonly subject: Subject
  readonly file: string
  readonly allowWrites: boolean
  readonly environment: NodeJS.ProcessEnv
  readonly print: (text: string) => void
  readonly fetch?: typeof globalThis.fetch
}

interface Found {
  readonly id: string
  readonly promise: string
  readonly verdict: "passed" | "failed" | "vacuous"
  readonly findings: ReadonlyArray<string>
}

/** Of each check. A sandbox that does not answer hangs no run. */
const PATIENCE = "2 minutes"

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const run = async <A>(program: Program<A>): Promise<A> => {
  const store = StateStore.layer(MemoryBackend.make(), { sealKey: Redacted.make(SEAL_KEY) })
  const exit = await Effect.runPromiseExit(
    program.pipe(
      Effect.timeout(PATIENCE),
      Effect.scoped,
      Effect.provide(store),
      Effect.provideService(References.MinimumLogLevel, "None"),
    ),
  )
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
}

const judged = async (
  check: Check,
  open: Program<Connected>,
  around: Omit<Site, "connected" | "witness">,
): Promise<Found> => {
  const witness = Witness.make()
  let tried = 0
  try {
    tried = await run(Effect.flatMap(open, (connected) => check.run({ ...around, connected, witness })))
  } catch (error) {
    witness.finds(`it broke off: ${messageOf(error)}`)
  }
  const { assertions, findings } = witness.seen()
  const verdict = findings.length > 0 ? "failed" : tried === 0 || assertions === 0 ? "vacuous" : "passed"
  const told = verdict === "vacuous" ? ["there was nothing to try it on"] : findings
  return { id: check.id, promise: check.promise, verdict, findings: told }
}

const text = ({ findings, id, promise, verdict }: Found): string =>
  [`  ${verdict.padEnd(8)}${id}: ${promise}`, ...findings.map((finding) => `          ${finding}`)].join("\n")

/** Gives the exit code. */
export const live = async (options: Options): Promise<0 | 1> => {
  const target = Target.read(resolve(options.file), options.environment)
  const { allowWrites, print } = options
  const redact = Transcript.redaction(target.secrets)
  const stage = Checked.subject(options.subject).open({ clock: VirtualClock.make({ start: START }) })
  const door = Door.make(stage, target, allowWrites, options.fetch ?? globalThis.fetch)
  const prefix = `mortise-${randomUUID().slice(0, 8)}`
  const { baseUrl, credentials } = target
  const open = stage.connect({ fetch: door.fetch, readOnly: !allowWrites, options: { baseUrl, credentials } })
  print(
    `${options.subject.name} on ${baseUrl.origin}, ${allowWrites ? `writing names that begin with ${prefix}` : "reading only"}\n`,
  )
  const note = (told: string) => print(`  note    ${redact(told)}\n`)
  const found: Array<Found> = []
  for (const check of checks) {
    if (check.writes && !allowWrites) continue
    found.push(await judged(check, open, { stage, door, prefix, note }))
    print(`${redact(text(found.at(-1) as Found))}\n`)
  }
  const count = (verdict: Found["verdict"]) => found.filter((one) => one.verdict === verdict).length
  print(`${count("passed")} passed, ${count("failed")} failed, ${count("vacuous")} vacuous\n`)
  return count("failed") + count("vacuous") === 0 ? 0 : 1
}
