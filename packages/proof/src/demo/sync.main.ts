/** The sync process: `sync.ts` with the settings that the demo hands over, on the clock that it shares with the twins. */
import { ScaledClock } from "@mortise/conformance"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type * as Relay from "@mortise/core/Relay"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import { Config, Effect, Redacted, References, Schema } from "effect"
import { erpOf } from "./erps/index.ts"
import type { Progress } from "./Messages.ts"
import { sync } from "./sync.ts"

const environment = Config.all({
  erp: Config.String("MORTISE_ERP"),
  profile: Config.String("MORTISE_PROFILE"),
  access: Config.Redacted("MORTISE_ERP_ACCESS"),
  hubspot: Config.String("MORTISE_HUBSPOT_URL"),
  store: Config.String("MORTISE_STORE"),
  sealKey: Config.Redacted("MORTISE_SEAL_KEY"),
  clock: Config.String("MORTISE_CLOCK"),
})

const nothing = (relay: string): Progress => ({
  _tag: "Progress",
  relay,
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: {},
  parked: 0,
  done: false,
})

const plus = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sum = { ...a }
  for (const [reason, count] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + count
  return sum
}

const add = (before: Progress, step: Relay.Step): Progress => ({
  ...before,
  read: before.read + step.read,
  created: before.created + step.created,
  updated: before.updated + step.updated + step.written,
  unchanged: before.unchanged + step.unchanged + step.echoes,
  rejected: plus(before.rejected, step.rejected),
  parked: before.parked + step.parked - step.unparked,
  done: step.caughtUp,
})

const program = Effect.gen(function* () {
  const settings = yield* environment
  const progress = new Map<string, Progress>()
  const onStep = (relay: string, step: Relay.Step): void => {
    const now = add(progress.get(relay) ?? nothing(relay), step)
    progress.set(relay, now)
    // A listener that has just died is nobody's error; the channel tells of it as well.
    process.send?.(now, undefined, undefined, () => {})
  }
  const clock = ScaledClock.make(yield* Schema.decodeEffect(Schema.fromJsonString(ScaledClock.Scale))(settings.clock))
  yield* sync({
    erp: erpOf(settings.erp).connect({ access: JSON.parse(Redacted.value(settings.access)) }),
    profile: JSON.parse(settings.profile),
    hubspot: { url: settings.hubspot, token: Redacted.make(HubSpotTwin.TOKEN) },
    onStep,
  }).pipe(
    Effect.provide(SqliteStore.layer({ path: settings.store, sealKey: settings.sealKey })),
    Effect.scoped,
    // The progress bars and the table say what the relays would log.
    Effect.provideService(References.MinimumLogLevel, "Error"),
    clock.provide,
  )
})

/** Whoever started it was killed: so is this, wherever it stands. The next one goes on. */
const orphaned = (): never => process.exit(1)
process.once("disconnect", orphaned)
if (!process.connected) orphaned()

const finish = (): void => {
  process.off("disconnect", orphaned)
  process.disconnect()
}

Effect.runPromise(program).then(finish, (error: unknown) => {
  console.error(`sync: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
  finish()
})
