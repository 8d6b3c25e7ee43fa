/** The demo's five flows between two twins, small enough to be run hundreds of times in virtual time. */
import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as Epoch from "@mortise/conformance/Epoch"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Census from "../../src/conformance/Census.ts"
import { type Business, START } from "../../src/demo/Business.ts"
import * as Erp from "../../src/demo/erps/Acumatica.ts"
import { type Plan, pairs } from "../../src/demo/Plan.ts"
import { sync } from "../../src/demo/sync.ts"
import * as Worlds from "../../src/demo/Worlds.ts"

/** Every hazard of the demo's business once, more rows on one stamp than a page holds among them. */
export const SMALL: Plan = {
  counts: { customers: 10, contacts: 14, items: 4, invoices: 26, payments: 6 },
  imported: { customers: 4, contacts: 4, invoices: 14 },
  domainPairs: pairs(1, 6),
  emailPairs: pairs(1, 10),
  namesakes: pairs(1, 8),
  known: { customers: [2, 4], contacts: [4, 6], secondAddresses: [8, 9] },
}
export const PAGE_SIZE = 13

/** Still one of everything: for sweeps that run thousands of times. */
export const TINY: Plan = {
  counts: { customers: 5, contacts: 5, items: 2, invoices: 4, payments: 3 },
  imported: { customers: 2, contacts: 2, invoices: 2 },
  domainPairs: [],
  emailPairs: pairs(1, 3),
  namesakes: pairs(1, 0),
  known: { customers: [1, 2], contacts: [1, 2], secondAddresses: [2, 3] },
}

/** Nothing to move: what is left of a run is opening both doors and making the properties. */
export const NOTHING: Business = {
  customers: [],
  contacts: [],
  items: [],
  invoices: [],
  payments: [],
  knownCompanies: [],
  knownPeople: [],
  unmovable: {},
  hazards: {},
}

const SEAL_KEY = Redacted.make(Buffer.alloc(32, 5).toString("base64"))

export interface Pair {
  readonly clock: VirtualClock.VirtualClock
  readonly acumatica: ReturnType<typeof AcumaticaTwin.make>
  readonly hubspot: ReturnType<typeof HubSpotTwin.make>
  readonly backend: MemoryBackend.MemoryBackend
  /** Addresses beside those of the two vendors that were asked for. */
  readonly foreign: ReadonlyArray<string>
  /** Of every request in the order of their leaving, whether it changed a world. */
  readonly changed: ReadonlyArray<boolean>
  /** A process on these worlds and this store, or another one. */
  readonly epoch: (store?: StoreBackend) => Epoch.Epoch
}

// Compiled once: sweeps make twins by the hundred.
const [validator, spec] = [HubSpotTwin.validator(), AcumaticaTwin.spec()]

const twins = () => {
  const clock = VirtualClock.make({ start: START })
  return {
    clock,
    acumatica: AcumaticaTwin.make({ clock, license: { seats: 2, perMinute: 600 }, spec }),
    hubspot: HubSpotTwin.make({
      clock,
      validator,
      portal: { companyCurrency: "USD", additionalCurrencies: ["EUR"], tier: "professional" },
    }),
  }
}

/** Both worlds with a business in them, and an empty store. */
export const open = (begin: (made: ReturnType<typeof twins>) => void): Pair => {
  const made = twins()
  begin(made)
  const { acumatica, clock, hubspot } = made
  const backend = MemoryBackend.make()
  const foreign: Array<string> = []
  const changed: Array<boolean> = []
  const door = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input)
    const vendor = [acumatica, hubspot].find(({ origin }) => url.startsWith(`${origin}/`)) ?? hubspot
    if (!url.startsWith(`${vendor.origin}/`)) foreign.push(url)
    const nth = changed.push(false) - 1
    const line = vendor.journal.lines.length
    const response = await vendor.fetch(input, init)
    changed[nth] = vendor.journal.lines[line]?.changed === true
    return response
  }) as typeof globalThis.fetch
  return {
    clock,
    acumatica,
    hubspot,
    backend,
    foreign,
    changed,
    epoch: () => Epoch.open({ clock, fetch: door, backend }),
  }
}

/** As the demo begins: the books are full, and sales knows a few of the customers. */
export const holding =
  (business: Business) =>
  ({ acumatica, hubspot }: Pick<Pair, "acumatica" | "hubspot">): void => {
    Erp.acumatica.enter(acumatica.world, business)
    Worlds.hubspot(hubspot.world, business)
  }

/** The program of the demo, as a process that was just started. */
const program = ({ acumatica, hubspot }: Pair, epoch: Epoch.Epoch): Effect.Effect<void, ConnectorError> => {
  return sync({
    erp: Erp.acumatica.connect({
      access: Erp.acumatica.grant(acumatica.world, acumatica.origin),
      pageSize: PAGE_SIZE,
      fetch: epoch.fetch,
    }),
    profile: Erp.acumatica.profile,
    hubspot: { url: hubspot.origin, token: Redacted.make(HubSpotTwin.TOKEN) },
    fetch: epoch.fetch,
    onStep: () => {},
  }).pipe(
    Effect.provide(StateStore.layer(epoch.backend, { sealKey: SEAL_KEY })),
    Effect.scoped,
    Effect.provideService(References.MinimumLogLevel, "None"),
  )
}

/** A process from its start to its end, whatever that is. */
export const run = async (pair: Pair, epoch = pair.epoch()) => {
  const end = await epoch.run(program(pair, epoch), { limit: "1 day" })
  if (end instanceof VirtualClock.Stuck) throw end
  return end
}

/** What a supervisor does: starts the program again, after a while, until it ends well. Gives why it failed before. */
export const untilDone = async (pair: Pair, attempts = 4): Promise<ReadonlyArray<string>> => {
  const failures: Array<string> = []
  while (failures.length < attempts) {
    const end = await run(pair)
    if (end instanceof Epoch.Cut) throw new Error("nobody cut this one")
    if (Exit.isSuccess(end)) return failures
    const error = Cause.squash(end.cause)
    failures.push(error instanceof Error ? error.message : String(error))
    await pair.clock.advance("1 minute")
  }
  throw new Error(`never ended well: ${failures.join("; ")}`)
}

/** Requests that changed either world. */
export const writes = ({ acumatica, hubspot }: Pair): number =>
  acumatica.journal.writes().length + hubspot.journal.writes().length

type Begin = Parameters<typeof open>[0]

/** A portal whose properties are made already, and books to move into it. */
export const prepared = async (business: Business): Promise<Begin> => {
  const first = open(holding(NOTHING))
  await untilDone(first)
  const [acumatica, hubspot] = [first.acumatica.world.dump(), first.hubspot.world.dump()]
  return (made) => {
    made.acumatica.world.load(acumatica)
    made.hubspot.world.load(hubspot)
    holding(business)(made)
  }
}

/** What an undisturbed run leaves behind, and how long it is. */
export interface Whole {
  readonly begin: Begin
  readonly counts: Epoch.Counts
  readonly world: ReadonlyArray<string>
  readonly store: ReadonlyArray<string>
  readonly pair: Pair
}

export const undisturbed = async (begin: Begin): Promise<Whole> => {
  const pair = open(begin)
  const epoch = pair.epoch()
  const end = await run(pair, epoch)
  if (!Exit.isExit(end) || Exit.isFailure(end)) throw new Error(`nobody disturbed it, and it failed: ${end}`)
  return { begin, counts: epoch.counts(), world: Census.of(pair), store: Census.ofStore(pair.backend), pair }
}

/** What a disturbed pair has too much or too little, once it was left alone and ended well. */
export const wrong = (whole: Whole, pair: Pair): ReadonlyArray<string> => [
  ...Census.difference(whole.world, Census.of(pair)),
  ...Census.difference(whole.store, Census.ofStore(pair.backend)).map((line) => `store ${line}`),
  ...pair.foreign.map((url) => `asked ${url}`),
]
