/** All state of one portal, and what every operation is called with. */
import * as AssociationTypes from "./AssociationTypes.ts"
import * as Knobs from "./Knobs.ts"
import type { Family, ObjectName } from "./ObjectTypes.ts"
import { PropertyBook } from "./PropertyBook.ts"
import type { StoredRecord } from "./State.ts"
import * as State from "./State.ts"
import { type Listener, Store } from "./Store.ts"

export class Hub {
  readonly portal: State.Portal
  readonly knobs: Knobs.Knobs = Knobs.defaults()
  readonly store: Store
  readonly book: PropertyBook
  readonly pipelines = new Map<ObjectName, Array<State.Pipeline>>()
  readonly owners: Array<State.Owner> = []
  associationTypes: ReadonlyArray<AssociationTypes.AssociationType> = AssociationTypes.standard
  /** Grows with changes of properties, groups and labels, which are no records. */
  metadataRevision = 0

  constructor(portal: Partial<State.Portal>, listener: Listener) {
    this.portal = { ...State.defaultPortal(), ...portal }
    this.store = new Store((property, record) => this.keysOf(property, record), listener)
    this.book = new PropertyBook((type) => this.reindex(type))
    this.book.reset()
    this.pipelines.set("deals", [defaultPipeline])
  }

  /** The values by which a record is found: a contact also by its secondary emails. */
  keysOf(property: string, record: StoredRecord): ReadonlyArray<string> {
    const value = record.properties[property]
    const own = value === undefined ? [] : [foldKey(property, value)]
    const others = property === "email" ? (record.properties["hs_additional_emails"]?.split(";") ?? []) : []
    return [...own, ...others.filter((one) => one !== "")]
  }

  reindex(type: ObjectName): void {
    this.store.table(type).indexBy(this.book.unique(type))
  }

  /** The properties that can serve as a key now. */
  isUnique(type: ObjectName, property: string): boolean {
    if (type === "contacts" && property === "email" && this.knobs.nonUniqueEmailPortal) return false
    return this.book.active(type, property)?.hasUniqueValue === true
  }

  pipeline(type: ObjectName, id: string): State.Pipeline | undefined {
    return this.pipelines.get(type)?.find((one) => one.id === id)
  }
}

/** What an operation is called with. `now` is the portal's clock. */
export interface Call {
  readonly hub: Hub
  readonly family: Family
  readonly now: number
  readonly random: () => number
}

/** Emails are keys without regard to case; other unique values are taken as they are. */
export const foldKey = (property: string, value: string): string =>
  property === "email" ? value.trim().toLowerCase() : value

const stage = (id: string, displayOrder: number, probability: string, isClosed = false): State.Stage => ({
  id,
  label: id,
  displayOrder,
  metadata: { probability, isClosed: String(isClosed) },
})

const defaultPipeline: State.Pipeline = {
  id: "default",
  label: "Sales Pipeline",
  displayOrder: 0,
  stages: [
    stage("appointmentscheduled", 0, "0.2"),
    stage("qualifiedtobuy", 1, "0.4"),
    stage("presentationscheduled", 2, "0.6"),
    stage("decisionmakerboughtin", 3, "0.8"),
    stage("contractsent", 4, "0.9"),
    stage("closedwon", 5, "1.0", true),
    stage("closedlost", 6, "0.0", true),
  ],
}
