/** A relay history by its seed: people work in the ERP, processes crash, doors fail, the store is lost; then peace. */
import * as Epoch from "@mortise/conformance/Epoch"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Relay from "@mortise/core/Relay"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Doors, relays, type Settings } from "../support/leadToLedger.ts"
import type { Trouble } from "../support/modelSystem.ts"
import { faults, left, open, type RelayWorld, relayWorld, run } from "../support/relayWorld.ts"
import { Random } from "./Random.ts"

export const NAMES = [
  "crashes",
  "crashes in the middle of the writes",
  "failed runs",
  "troubled requests",
  "lost replies of writes",
  "stores lost",
  "merges",
  "deletions",
  "edits between runs",
  "undecodable records",
  "records parked",
  "records taken up",
  "dead letters",
] as const
export type Name = (typeof NAMES)[number]

export class RelayHazards {
  readonly counts = new Map<Name, number>(NAMES.map((name) => [name, 0]))

  add(name: Name, times = 1): void {
    this.counts.set(name, this.of(name) + times)
  }

  of(name: Name): number {
    return this.counts.get(name) ?? 0
  }

  toString(): string {
    return NAMES.map((name) => `${this.of(name)} ${name}`).join(", ")
  }
}

interface History {
  readonly world: RelayWorld
  readonly random: Random
  readonly hazards: RelayHazards
  readonly settings: Settings
  accounts: number
  contacts: number
}

const account = (history: History): void => {
  const n = ++history.accounts
  const poisoned = history.random.chance(0.08)
  history.world.erp.put("Account", `a${n}`, {
    name: poisoned ? "poison" : `Account ${n}`,
    number: `C${n}`,
    phone: `+${n}`,
  })
}

const contact = (history: History): void => {
  const { erp } = history.world
  const accounts = erp.rows("Account")
  if (accounts.length === 0) return
  const owner = history.random.pick(accounts)
  const n = ++history.contacts
  const reference = history.random.chance(0.5) ? { id: owner.id } : { number: owner.fields["number"] as string }
  erp.put("Contact", `p${n}`, { lastName: `Person ${n}`, email: `p${n}@example.com`, account: reference })
}

const belongs = (history: History, id: string, number: unknown) =>
  history.world.erp.rows("Contact").filter(({ fields }) => {
    const reference = fields["account"] as { readonly id?: string; readonly number?: string }
    return reference.id === id || reference.number === number
  })

const merge = (history: History): void => {
  const { erp } = history.world
  const accounts = history.random.shuffle(erp.rows("Account"))
  const [from, into] = accounts
  if (from === undefined || into === undefined || accounts.length < 3) return
  for (const row of belongs(history, from.id, from.fields["number"])) {
    erp.put("Contact", row.id, { ...row.fields, account: { id: into.id } })
  }
  erp.merge("Account", from.id, into.id)
  history.hazards.add("merges")
}

const remove = (history: History): void => {
  const { erp } = history.world
  const alone = erp.rows("Account").find((row) => belongs(history, row.id, row.fields["number"]).length === 0)
  if (alone === undefined) return
  erp.remove("Account", alone.id)
  history.hazards.add("deletions")
}

const edit = (history: History): void => {
  const { erp } = history.world
  const rows = erp.rows("Account")
  if (rows.length === 0) return
  const row = history.random.pick(rows)
  erp.put("Account", row.id, { ...row.fields, name: `Renamed ${history.random.int(1, 9999)}` })
  history.hazards.add("edits between runs")
}

const garble = (history: History): void => {
  history.world.erp.log.push({ kind: "undecodable", entity: "Account", id: `u${history.world.erp.log.length}` })
  history.hazards.add("undecodable records")
}

const work = (history: History): void => {
  const act = history.random.pick([account, account, contact, contact, contact, edit, edit, merge, remove, garble])
  act(history)
}

const trouble = (history: History): void => {
  const { random, world } = history
  const kinds: ReadonlyArray<Trouble> = ["throttled", "lostAfter", "lostAfter", "lostBefore", "error"]
  for (const system of [world.erp, world.crm]) {
    if (random.chance(0.5)) system.troubles.set(system.counts.requests + random.int(1, 14), random.pick(kinds))
  }
}

const note = (history: History, summary: Relay.Summary): void => {
  history.hazards.add("records parked", summary.parked)
  history.hazards.add("records taken up", summary.unparked)
  history.hazards.add(
    "dead letters",
    Object.values(summary.rejected).reduce((sum, each) => sum + each, 0),
  )
}

const program = (history: History, order: boolean) => (doors: Doors) =>
  Effect.gen(function* () {
    const { companiesRelay, contactsRelay } = relays(doors, history.settings)
    for (const relay of order ? [companiesRelay, contactsRelay] : [contactsRelay, companiesRelay]) {
      note(history, yield* relay.run)
    }
  })

/** One process: it may crash, fail, or come to its end. */
const oneProcess = async (history: History): Promise<void> => {
  const { hazards, random, world } = history
  const epoch = open(world)
  if (random.chance(0.5)) {
    const point = {
      kind: random.pick(["request", "write"] as const),
      nth: random.int(1, 16),
      when: random.pick(["before", "after"] as const),
    }
    epoch.cutAt(point)
  }
  const before = {
    writes: world.crm.counts.writes,
    troubled: world.crm.counts.troubled + world.erp.counts.troubled,
    lost: world.crm.counts.lost,
  }
  const result = await run(epoch, program(history, random.chance(0.5)))
  const wrote = world.crm.counts.writes > before.writes
  if (result instanceof Epoch.Cut) hazards.add("crashes")
  if (result instanceof Epoch.Cut && wrote) hazards.add("crashes in the middle of the writes")
  if (Exit.isExit(result) && Exit.isFailure(result)) hazards.add("failed runs")
  hazards.add("troubled requests", world.crm.counts.troubled + world.erp.counts.troubled - before.troubled)
  hazards.add("lost replies of writes", world.crm.counts.lost - before.lost)
}

const forget = ({ hazards, world }: History): void => {
  world.backend = MemoryBackend.make()
  hazards.add("stores lost")
}

/** Everything that is wrong in the ERP is mended, the doors are open, and every relay runs until it has nothing to do. */
const peace = async (history: History): Promise<ReadonlyArray<string>> => {
  const { erp } = history.world
  for (const system of [erp, history.world.crm]) system.troubles.clear()
  for (const row of erp.rows("Account")) {
    if (row.fields["name"] === "poison") erp.put("Account", row.id, { ...row.fields, name: `Mended ${row.id}` })
  }
  const finish = (doors: Doors) =>
    Effect.gen(function* () {
      const { companiesRelay, contactsRelay } = relays(doors, history.settings)
      note(history, yield* companiesRelay.run)
      note(history, yield* contactsRelay.run)
      yield* contactsRelay.replay()
    })
  const result = await run(open(history.world), finish)
  return Exit.isExit(result) && Exit.isSuccess(result) ? [] : [`the last run failed: ${String(result)}`]
}

const doubles = ({ world }: History): ReadonlyArray<string> =>
  ["Company", "Contact"].flatMap((entity) => {
    const keys = world.crm.rows(entity).map(({ key }) => key)
    return keys
      .filter((key, index) => key !== undefined && keys.indexOf(key) !== index)
      .map((key) => `${key} stands twice`)
  })

/** The last run of all: nothing has changed, so nothing is written. */
const idle = async (history: History): Promise<ReadonlyArray<string>> => {
  const { writes } = history.world.crm.counts
  await run(open(history.world), program(history, true))
  return history.world.crm.counts.writes === writes ? [] : ["a run without changes wrote something"]
}

export const play = async (seed: number, hazards: RelayHazards): Promise<ReadonlyArray<string>> => {
  const random = new Random(seed)
  const settings: Settings = {
    pageSize: random.int(1, 6),
    batchSize: random.int(1, 4),
    revisions: random.chance(0.5),
    missing: random.pick(["wait", "wait", "key"] as const),
  }
  const history: History = { world: relayWorld(), random, hazards, settings, accounts: 0, contacts: 0 }
  for (let rounds = random.int(2, 5); rounds > 0; rounds--) {
    for (let acts = random.int(1, 12); acts > 0; acts--) work(history)
    if (random.chance(0.15)) forget(history)
    trouble(history)
    await oneProcess(history)
  }
  const failed = await peace(history)
  // Records that never can be read stay dead letters; all else is through.
  const open = (await left(history.world)).filter((what) => !what.includes("Decode"))
  return [...failed, ...faults(history.world), ...doubles(history), ...open, ...(await idle(history))]
}
