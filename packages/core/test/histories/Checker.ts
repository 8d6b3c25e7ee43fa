/**
 * Judges a history by what was delivered and committed, knowing nothing of how it was read:
 *
 * - nothing is lost: what was committed last of a record is its last state;
 * - no version of a committed page is delivered again;
 * - what was on an uncommitted page comes again, as it is then;
 * - no older state follows a newer one;
 * - no page names a record twice, and no merge is told twice.
 */
import type * as Change from "../../src/Change.ts"
import type { Source } from "./Source.ts"
import { hashOf, type Seen } from "./World.ts"

type Page = Change.Page<Seen>

export type Fault = "lost" | "repeated" | "withheld" | "backwards" | "unwanted" | "doubled"

export interface Violation {
  readonly fault: Fault
  readonly what: string
}

interface Delivery {
  readonly change: Change.Change<Seen>
  readonly page: number
}

/** What a change says of a record. */
const says = (change: Change.Change<Seen>): string => {
  if (change._tag === "Upserted") return hashOf(change.record)
  if (change._tag === "Undecodable") return change.version.split("undecodable:")[1] ?? ""
  return change._tag
}

/** The names by which a change is known again. A merge is the same merge whenever it is told. */
const versionsOf = (change: Change.Change<Seen>): ReadonlyArray<string> => {
  const version = `${nameOf(change)} ${change.version}`
  return change._tag === "Merged" ? [version, `${nameOf(change)} ${[...change.from].sort().join()}`] : [version]
}

const nameOf = (change: Change.Change<Seen>): string => (change._tag === "Merged" ? `>${change.into}` : change.id)

export class Checker {
  readonly violations: Array<Violation> = []
  readonly #delivered: Array<Delivery> = []
  readonly #committed: Array<Delivery> = []
  readonly #versions = new Set<string>()
  readonly #pages = new Map<Page, number>()

  #blame(fault: Fault, what: string): void {
    this.violations.push({ fault, what })
  }

  deliver(page: Page): void {
    const number = this.#pages.size
    this.#pages.set(page, number)
    for (const change of page.changes) {
      this.#delivered.push({ change, page: number })
      for (const name of versionsOf(change))
        if (this.#versions.has(name)) this.#blame("repeated", `${name} came again after its page was committed`)
    }
    if (new Set(page.changes.map(nameOf)).size < page.changes.length)
      this.#blame("doubled", "a page names a record twice")
  }

  commit(page: Page): void {
    for (const change of page.changes) {
      const name = `${nameOf(change)} ${change.version}`
      if (this.#versions.has(name)) this.#blame("repeated", `${name} stands on two committed pages`)
      for (const each of versionsOf(change)) this.#versions.add(each)
      const before = this.#last(nameOf(change))
      if (before !== undefined && stampOf(change) !== "" && stampOf(change) < stampOf(before))
        this.#blame("backwards", `${name} follows ${before.version}`)
      this.#committed.push({ change, page: this.#pages.get(page) ?? -1 })
    }
  }

  #last(name: string): Change.Change<Seen> | undefined {
    return this.#committed.findLast(({ change }) => nameOf(change) === name)?.change
  }

  /** After everything has come to rest and was read. `since`: what is stamped before it is not wanted. */
  finish(source: Source, since?: bigint): void {
    const { world } = source.script
    for (const id of world.versions.keys()) {
      const seen = world.see(id, Number.POSITIVE_INFINITY, source.now)
      if (seen !== undefined && (since === undefined || seen.stamp >= since)) this.#judge(seen)
    }
    this.#redelivered(source)
  }

  #judge(seen: Seen): void {
    const last = this.#last(seen.id)
    const tell = last === undefined ? "nothing" : says(last)
    if (seen.kind === "live" && tell !== hashOf(seen))
      this.#blame("lost", `${seen.id} is ${hashOf(seen)}, the reader knows ${tell}`)
    if (seen.kind === "archived" && tell !== "Deleted")
      this.#blame("lost", `${seen.id} was deleted, the reader knows ${tell}`)
    if (seen.kind === "gone" && last !== undefined && tell !== "Deleted")
      this.#blame("lost", `${seen.id} has vanished, the reader knows ${tell}`)
    if (seen.kind === "mergedAway") this.#judgeMerge(seen.id)
  }

  #judgeMerge(id: string): void {
    const at = this.#committed.findIndex(({ change }) => change._tag === "Merged" && change.from.includes(id))
    if (at === -1) this.#blame("lost", `${id} was merged, and nobody told`)
    else if (this.#committed.slice(at).some(({ change }) => nameOf(change) === id))
      this.#blame("backwards", `${id} came again after it was merged`)
  }

  #redelivered(source: Source): void {
    const committedPages = new Set(this.#committed.map(({ page }) => page))
    for (const { change, page } of this.#delivered) {
      if (committedPages.has(page)) continue
      const name = nameOf(change)
      const again = this.#committed.some((other) => nameOf(other.change) === name && other.page > page)
      const ids = change._tag === "Merged" ? change.from : [name]
      const merged = ids.every((id) =>
        this.#committed.some((other) => other.change._tag === "Merged" && other.change.from.includes(id)),
      )
      // What vanished before anybody took note of it leaves nothing to tell.
      const gone = source.script.world.see(name, Number.POSITIVE_INFINITY, source.now)?.kind === "gone"
      if (!again && !merged && !gone)
        this.#blame("withheld", `${name} ${change.version} was not committed and never came again`)
    }
  }

  /** Rows that nobody asked for. */
  unwanted(since: bigint, stampNanos: (text: string) => bigint): void {
    for (const { change } of this.#delivered) {
      const stamp = stampOf(change)
      if (stamp !== "" && stampNanos(stamp) < since) this.#blame("unwanted", `${nameOf(change)} is older than since`)
    }
  }
}

const stampOf = (change: Change.Change<Seen>): string => {
  const stamp = change.version.slice(0, change.version.indexOf("#"))
  return stamp.includes("T") ? stamp : ""
}
