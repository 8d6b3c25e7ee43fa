/**
 * What a source holds at any moment: every record as a list of versions, each with the moment from which readers can see
 * it. Times are milliseconds of the source's own clock.
 */
import * as Stamp from "../../src/watermark/Stamp.ts"

/** What a version says. `serial` is different for every edit, so equal contents are equal versions. */
export interface Content {
  readonly serial: number
  readonly kind: "live" | "archived" | "mergedAway" | "gone"
  /** The record cannot be decoded; `stamp`: not even its stamp. */
  readonly poison?: "record" | "stamp"
  /** The records that became this one. */
  readonly absorbed: ReadonlyArray<string>
  /** The first day on which it is overdue, as a number of days. */
  readonly due?: number
}

export interface Version extends Content {
  readonly id: string
  /** When the write began: this is what the stamp shows. */
  readonly begun: number
  /** When it was committed: readers see it from here on. */
  readonly visible: number
  /** Nanoseconds, on the source's grid. */
  readonly stamp: bigint
}

/** A row of the side table, which does not move the record's stamp. */
export interface Address {
  readonly id: string
  readonly begun: number
  readonly visible: number
  readonly stamp: bigint
  readonly serial: number
}

export interface Seen extends Version {
  readonly address: number
  readonly overdue: boolean
}

export interface Zone {
  readonly name: string
  readonly offsetMinutes: number
}

const DAY = 86_400_000

export const dayIn = (zone: Zone, time: number): number => Math.floor((time + zone.offsetMinutes * 60_000) / DAY)

export const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

export const startOfDay = (zone: Zone, day: number): number => day * DAY - zone.offsetMinutes * 60_000

/** The content hash of what a reader sees. */
export const hashOf = (seen: Pick<Seen, "serial" | "address" | "overdue">): string =>
  `${seen.serial}.${seen.address}.${seen.overdue ? "overdue" : "open"}`

export class World {
  readonly zone: Zone
  readonly versions = new Map<string, Array<Version>>()
  readonly addresses = new Map<string, Array<Address>>()

  constructor(zone: Zone) {
    this.zone = zone
  }

  write(version: Version): void {
    const list = this.versions.get(version.id) ?? []
    list.push(version)
    this.versions.set(version.id, list)
  }

  move(address: Address): void {
    const list = this.addresses.get(address.id) ?? []
    list.push(address)
    this.addresses.set(address.id, list)
  }

  /** A record as a reader at `view` sees it, on the day that it is at `now`. */
  see(id: string, view: number, now: number): Seen | undefined {
    const version = this.versions.get(id)?.findLast((each) => each.visible <= view)
    if (version === undefined) return undefined
    const address = this.addresses.get(id)?.findLast((each) => each.visible <= view)?.serial ?? 0
    return { ...version, address, overdue: version.due !== undefined && version.due <= dayIn(this.zone, now) }
  }

  seeAll(view: number, now: number): ReadonlyArray<Seen> {
    return [...this.versions.keys()].flatMap((id) => this.see(id, view, now) ?? [])
  }

  /** The last moment at which anything happens. */
  end(): number {
    const times = [...this.versions.values(), ...this.addresses.values()].flat().map((each) => each.visible)
    return Math.max(0, ...times)
  }
}

export const stampText = (stamp: bigint, granularityMillis: number): string =>
  Stamp.format(stamp, Stamp.grain(granularityMillis))
