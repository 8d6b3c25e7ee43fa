/** A history from its seed: how the source behaves, what is written when, and how the reader is treated. */
import * as Stamp from "../../src/watermark/Stamp.ts"
import { Random } from "./Random.ts"
import { dayIn, startOfDay, type Version, World, type Zone } from "./World.ts"

export type Strategy = "keyset" | "window" | "keyedWindow" | "snapshot"

export interface Script {
  readonly seed: number
  readonly strategy: Strategy
  readonly random: Random
  readonly world: World
  readonly start: number
  readonly pageSize: number
  readonly granularityMillis: number
  /** Greatest time from stamp to commit, greatest age of a copy that answers, greatest lead of the clock told. */
  readonly commitDelay: number
  readonly copyAge: number
  readonly dateLead: number
  readonly lag: number
  readonly overlap: number
  /** Where the source tells its time: an endpoint, a header of each answer, or a header of whole seconds. */
  readonly clock: "endpoint" | "header" | "wholeSeconds"
  readonly sweeps: ReadonlyArray<"calendar" | "sideTable">
  /** The answers of sweeps carry the source's time as well. */
  readonly sweepsTell: boolean
  readonly numericIds: boolean
  /** A longer answer than a request needs: the greatest latency in milliseconds. */
  readonly latency: number
  readonly clientSkew: number
  readonly failShare: number
  readonly stopShare: number
  /** How many pages the reader works on at once before it commits the first. */
  readonly pipeline: number
  /** What the cheap list of a snapshot tells of each record. */
  readonly listing: "revision" | "hash" | "whole"
  /** Time between two runs. */
  readonly pause: number
  /** The reading begins here, not at the beginning. */
  readonly since?: number
}

const ZONES: ReadonlyArray<Zone> = [
  { name: "Europe/Berlin", offsetMinutes: 60 },
  { name: "America/New_York", offsetMinutes: -300 },
  { name: "Asia/Kolkata", offsetMinutes: 330 },
  { name: "Pacific/Kiritimati", offsetMinutes: 840 },
]

const JANUARY = Date.UTC(2026, 0, 14, 9, 30, 0)

export interface Only {
  readonly strategy?: Strategy
  /** No sweeps and no `since`: for strategies that know of neither. */
  readonly plain?: boolean
}

export const make = (seed: number, only: Only = {}): Script => {
  const random = new Random(seed)
  const drawn = random.pick<Strategy>([
    "keyset",
    "keyset",
    "keyset",
    "window",
    "window",
    "keyedWindow",
    "snapshot",
    "snapshot",
  ])
  const strategy = only.strategy ?? drawn
  const zone = random.pick(ZONES)
  const plain = only.plain === true || strategy === "snapshot"
  const drawnSweeps = random.pick<Script["sweeps"]>([
    [],
    [],
    [],
    ["calendar"],
    ["sideTable"],
    ["calendar", "sideTable"],
  ])
  const sweeps = plain ? [] : drawnSweeps
  const midnight = startOfDay(zone, dayIn(zone, JANUARY) + 1)
  const commitDelay = strategy === "snapshot" ? 0 : random.pick([0, 0, 200, 3000])
  const copyAge = strategy === "snapshot" ? 0 : random.pick([0, 0, 500, 2000])
  const dateLead = random.pick([0, 0, 400])
  const granularityMillis = random.pick([1, 1, 10, 1000, 0.001])
  const start = sweeps.length > 0 ? midnight - random.int(500, 20_000) : JANUARY + random.int(0, 100_000)
  const since = random.chance(0.1) && sweeps.length === 0 && !plain ? start + random.int(-5000, 5000) : undefined
  const script: Script = {
    ...(since === undefined ? {} : { since }),
    seed,
    strategy,
    random,
    world: new World(zone),
    start,
    pageSize: random.pick([1, 2, 3, 4, 5, 8]),
    granularityMillis,
    commitDelay,
    copyAge,
    dateLead,
    lag: commitDelay + copyAge + dateLead,
    overlap: random.pick([0, 0, 1000, 5000]),
    clock: random.pick(["endpoint", "header", "wholeSeconds"]),
    sweeps,
    sweepsTell: random.chance(0.5),
    numericIds: random.chance(0.5),
    latency: random.pick([4, 60, 400, 1500]),
    clientSkew: random.pick([0, -86_400_000, 3_600_000, -7000, 86_400_000 * 400]),
    failShare: random.pick([0, 0, 0.05]),
    stopShare: random.pick([0, 0.1, 0.3]),
    pipeline: random.pick([1, 1, 2, 3]),
    listing: random.pick(["revision", "hash", "whole"]),
    pause: random.pick([0, 300, 4000, 8000]),
  }
  write(script)
  return script
}

const idOf = (script: Script, number: number): string =>
  script.numericIds ? String(number) : `r${number.toString(36)}${number % 3 === 0 ? "'" : ""}`

/** The writes: a stock from before the first reading, and edits while it goes on. */
const write = (script: Script): void => {
  const { random, start } = script
  const writer = new Writer(script)
  const stock = random.int(0, 14)
  const past = random.pick([60_000, 86_400_000, 86_400_000 * 3000])
  for (let number = 0; number < stock; ) {
    const ties = Math.min(random.pick([1, 1, 2, 5, 9]), stock - number)
    const at = start - random.int(script.commitDelay + 1, past)
    for (let tie = 0; tie < ties; tie++) writer.edit(number + tie, at)
    number += ties
  }
  const edits = random.int(0, 16)
  const span = random.pick([2000, 15_000, 60_000])
  for (let edit = 0; edit < edits; ) {
    const ties = Math.min(random.pick([1, 1, 1, 3, 9]), edits - edit)
    const at = start + random.int(0, span)
    for (let tie = 0; tie < ties; tie++) writer.edit(random.int(0, stock + 4), at)
    if (random.chance(0.2)) writer.moveAddress(random.int(0, stock), at)
    edit += ties
  }
}

class Writer {
  readonly script: Script
  #serial = 0
  #stampless = 0

  constructor(script: Script) {
    this.script = script
  }

  #grid(at: number): bigint {
    const step = Stamp.grain(this.script.granularityMillis)
    const fine = BigInt(this.script.random.int(0, 999)) * 1000n
    return Stamp.floorTo(BigInt(at) * 1_000_000n + fine, step)
  }

  edit(number: number, at: number): void {
    const { random, world, commitDelay, strategy } = this.script
    const id = idOf(this.script, number)
    const before = world.versions.get(id)?.at(-1)
    const begun = this.#begin(at, before)
    const version: Version = {
      id,
      begun,
      visible: begun + (random.chance(0.5) ? random.int(0, commitDelay) : 0),
      stamp: this.#grid(begun),
      serial: ++this.#serial,
      kind: this.#kind(before),
      absorbed: before?.absorbed ?? [],
      ...(random.chance(0.08) ? { poison: this.#poison() } : {}),
      ...(this.#ages() && random.chance(0.4) ? { due: dayIn(world.zone, this.script.start) + random.int(0, 1) } : {}),
    }
    if (before?.kind === "mergedAway") return
    world.write(strategy === "snapshot" ? { ...version, absorbed: [] } : version)
    if (strategy !== "snapshot" && version.kind === "live" && random.chance(0.08)) this.#merge(version, at)
  }

  #kind(before: Version | undefined): Version["kind"] {
    const { random, strategy } = this.script
    if (before === undefined || before.kind !== "live" || !random.chance(0.15)) return "live"
    return strategy === "snapshot" ? "gone" : "archived"
  }

  /**
   * A second write to a record waits until the first is committed. Where older copies answer it also gets a later stamp:
   * which of two states of one stamp is the newer one, nobody could tell.
   */
  #begin(at: number, before: Version | undefined): number {
    const begun = Math.max(at, (before?.visible ?? 0) + 1)
    const grid = Math.ceil(this.script.granularityMillis)
    return this.script.copyAge > 0 && before !== undefined && begun - before.begun < 2 * grid
      ? before.begun + 2 * grid
      : begun
  }

  /** Records change by the calendar only where the reading has a way to find it. */
  #ages(): boolean {
    const { sweeps, strategy, listing } = this.script
    return sweeps.includes("calendar") || (strategy === "snapshot" && listing !== "revision")
  }

  /** A page of nothing but unreadable stamps cannot be passed, and a copy's age shows only in a stamp. */
  #poison(): "record" | "stamp" {
    const { random, pageSize, copyAge } = this.script
    return pageSize >= 4 && copyAge === 0 && this.#stampless < 2 && random.chance(0.5) && ++this.#stampless > 0
      ? "stamp"
      : "record"
  }

  /** Another record becomes part of this one, at the same commit. */
  #merge(into: Version, at: number): void {
    const { random, world } = this.script
    const others = [...world.versions.values()].flatMap((list) => list.at(-1) ?? [])
    const other = random.pick(others)
    if (other.id === into.id || other.kind !== "live" || other.visible > at) return
    const { poison: _, ...sound } = into
    const begun = this.#begin(into.visible + 1, into)
    const stamp = this.#grid(begun)
    const moment = { begun, visible: begun, stamp }
    world.write({ ...other, ...moment, serial: ++this.#serial, kind: "mergedAway", absorbed: [] })
    world.write({
      ...sound,
      ...moment,
      serial: ++this.#serial,
      absorbed: [...into.absorbed, other.id, ...other.absorbed],
    })
  }

  moveAddress(number: number, at: number): void {
    const { random, world, commitDelay, copyAge, sweeps } = this.script
    const id = idOf(this.script, number)
    if (!sweeps.includes("sideTable") || copyAge > 0 || !world.versions.has(id)) return
    const begun = Math.max(at, (world.addresses.get(id)?.at(-1)?.visible ?? 0) + 1)
    const visible = begun + random.int(0, commitDelay)
    world.move({ id, begun, visible, stamp: this.#grid(begun), serial: ++this.#serial })
  }
}
