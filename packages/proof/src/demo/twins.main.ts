/**
 * The twins' process: makes or loads both worlds, serves them on loopback ports, kills the sync process when it is told
 * to, and writes the worlds back to disk before it ends. It does that also when it is told to end by a signal, and when
 * the process that started it is gone: the store knows what was answered, so the worlds on disk have to know it too.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs"
import { ScaledClock } from "@mortise/conformance"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { JournalLine } from "@mortise/conformance/twin/Journal"
import type { Twin, World } from "@mortise/conformance/twin/Twin"
import { generate, START } from "./Business.ts"
import { FLOWS } from "./Erp.ts"
import { erpOf } from "./erps/index.ts"
import * as Files from "./Files.ts"
import type { Counted, FromTwins, ToTwins } from "./Messages.ts"
import * as Worlds from "./Worlds.ts"

const DOWNTIME = 10 * 60_000

// Ctrl-C is for the process that started this one, which asks for the worlds when it needs them no longer.
process.on("SIGINT", () => {})

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"))

/** Whole or not at all: a world that is half written would look like lost records. */
const write = (file: string, value: unknown): void => {
  writeFileSync(`${file}.new`, JSON.stringify(value))
  renameSync(`${file}.new`, file)
}

const before = Files.last()
const seed = before === undefined ? Number(process.env["MORTISE_DEMO_SEED"]) : Files.promised().seed
const scale = ScaledClock.begin({
  factor: Number(process.env["MORTISE_DEMO_FACTOR"]),
  // A process that was killed left leases behind; whoever starts it again does so a while later.
  start: before === undefined ? START : before.clock + DOWNTIME,
})
const clock = ScaledClock.make(scale)

interface Watch {
  victim?: { readonly pid: number; readonly after: number }
  seen: number
  killed: boolean
  /** Nobody is answered any more. */
  closed: boolean
  first?: number
  last: number
}
const watch: Watch = { seen: 0, killed: false, closed: false, last: 0 }

/** Applied, and the reply not yet sent: the moment at which a crash hurts most. */
const beforeReply = (line: JournalLine): Promise<void> | undefined => {
  watch.seen += 1
  watch.first ??= line.at
  watch.last = clock.now()
  if (watch.killed || watch.closed) return new Promise(() => {})
  if (watch.victim === undefined || watch.seen < watch.victim.after) return undefined
  watch.killed = true
  process.kill(watch.victim.pid, "SIGKILL")
  // Whatever else the dead process had sent is dealt with or not, as on any server; nobody hears the answers.
  return new Promise(() => {})
}

const erp = erpOf(before?.erp ?? process.env["MORTISE_DEMO_ERP"] ?? "")
const profile =
  before?.profile ?? (process.env["MORTISE_DEMO_ALL"] === "true" ? { ...erp.profile, flows: FLOWS } : erp.profile)
const books = erp.twin({ clock, seed, beforeReply })
const hubspot = HubSpotTwin.make({
  clock,
  seed,
  beforeReply,
  portal: { companyCurrency: "USD", additionalCurrencies: ["EUR"], tier: "professional" },
})

const begin = (): void => {
  const business = generate(seed)
  erp.enter(books.world, business)
  Worlds.hubspot(hubspot.world, business)
  const { contacts, customers, hazards, invoices, items, knownCompanies, knownPeople, payments, unmovable } = business
  const known = { companies: knownCompanies.length, contacts: knownPeople.length }
  const totals = {
    products: items.length,
    companies: customers.length,
    contacts: contacts.length,
    invoices: invoices.length,
    payments: payments.length,
  }
  write(Files.promises, { seed, totals, hazards, known, unmovable } satisfies Files.Promises)
}

type Ports = Pick<Files.Run, "port" | "hubspot">

const note = (saved: boolean, ports: Ports): void =>
  write(Files.run, { saved, clock: clock.now(), erp: erp.name, profile, ...ports } satisfies Files.Run)

/** The note comes last: until then nobody takes one new world and one old for the end of a run. */
const save = (ports: Ports): void => {
  write(Files.erpWorld, books.world.dump())
  write(Files.hubspotWorld, hubspot.world.dump())
  note(true, ports)
}

const counted = (twin: Twin<World>): Counted => ({
  requests: twin.journal.count(),
  writes: twin.journal.writes().length,
  throttled: twin.journal.where((line) => line.status === 429).length,
  searches: twin.journal.where((line) => line.url.endsWith("/search")).length,
})

/** Whatever becomes of the message: a listener that is gone is told of by the channel itself. */
const tell = (message: FromTwins, then = (): void => {}): void => {
  if (process.connected) process.send?.(message, undefined, undefined, then)
  else then()
}

if (before === undefined) begin()
else {
  books.world.load(read(Files.erpWorld))
  hubspot.world.load(read(Files.hubspotWorld))
}

const taken = (error: Error & { readonly code?: string; readonly port?: number }): never => {
  if (error.code !== "EADDRINUSE") throw error
  console.error(
    `demo: port ${error.port}, which a twin had before, is taken; free it, or start fresh with: npm run demo`,
  )
  process.exit(1)
}

const served = await Promise.all([books.serve(before?.port), hubspot.serve(before?.hubspot)]).catch(taken)
const portOf = ({ url }: { readonly url: string }): number => Number(new URL(url).port)
const ports: Ports = { port: portOf(served[0]), hubspot: portOf(served[1]) }

/** Answers nobody from here on, so that nothing is answered which the saved worlds do not know. */
const leave = (): void => {
  if (watch.closed) return
  watch.closed = true
  save(ports)
  tell(
    {
      _tag: "Saved",
      erp: counted(books),
      hubspot: counted(hubspot),
      elapsed: watch.last - (watch.first ?? watch.last),
      killed: watch.killed,
    },
    () => process.exit(0),
  )
}

process.on("SIGTERM", leave)
process.on("SIGHUP", leave)
process.on("disconnect", () => {
  leave()
  process.exit(0)
})
process.on("message", (message: ToTwins) => {
  if (message._tag === "Kill") watch.victim = message
  else leave()
})

note(false, ports)
tell({
  _tag: "Ready",
  erp: erp.name,
  profile,
  // What the owner of the instance does once, in a browser.
  access: erp.grant(books.world, served[0].url),
  hubspot: served[1].url,
  scale,
})
// The other end may have gone while nobody listened yet.
if (!process.connected) leave()
