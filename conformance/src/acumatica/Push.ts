/**
 * Push notifications: what a tenant has subscribed to is put into an outbox at each commit. Whoever runs the twin
 * carries it to the client; nothing is signed, an update shows the row in both lists, and five failures end it.
 */
import * as Json from "@mortise/core/Json"
import { byName, type StoreName } from "./Entities.ts"
import type { Doc } from "./Record.ts"
import { text } from "./Record.ts"

/** Acumatica: push notifications page, at most five attempts. */
export const ATTEMPTS = 5

export interface Subscription {
  /** Name of the query, `Customers`. */
  readonly query: string
  readonly entity: string
  /** Columns of the row image. */
  readonly fields: ReadonlyArray<string>
  /** The one static header that a destination may have. */
  readonly header?: { readonly name: string; readonly value: string }
}

export interface Notification {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  /** The JSON text as it is posted. */
  readonly body: string
  attempts: number
}

export interface OutboxDump {
  readonly subscriptions: ReadonlyArray<Subscription>
  readonly pending: ReadonlyArray<Notification>
  readonly failed: ReadonlyArray<Notification>
}

export type Change = { readonly store: StoreName; readonly before?: Doc; readonly after?: Doc }

const TICKS_AT_EPOCH = 621355968000000000n

/** .NET ticks: 100 nanoseconds since the year 1. */
export const ticks = (millis: number): Json.JsonNumber =>
  new Json.JsonNumber({ text: (BigInt(Math.trunc(millis)) * 10000n + TICKS_AT_EPOCH).toString() })

const image = (doc: Doc, fields: ReadonlyArray<string>): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, field === "NoteID" ? doc.id : text(doc, field)]))

export class Outbox {
  private subscriptions: Array<Subscription> = []
  private pending: Array<Notification> = []
  private failed: Array<Notification> = []

  subscribe(subscription: Subscription): void {
    this.subscriptions.push(subscription)
  }

  /** Called at each commit; the id that `guid` gives names the data transaction. */
  record(tenant: string, change: Change, at: number, guid: () => string, twice: boolean): void {
    for (const one of this.subscriptions) {
      if (byName(one.entity).store !== change.store) continue
      const id = guid()
      const body = Json.stringify({
        Inserted: change.after === undefined ? [] : [image(change.after, one.fields)],
        Deleted: change.before === undefined ? [] : [image(change.before, one.fields)],
        Query: one.query,
        CompanyId: tenant,
        Id: id,
        TimeStamp: ticks(at),
        AdditionalInfo: {},
      })
      const headers = {
        "content-type": "application/json",
        ...(one.header === undefined ? {} : { [one.header.name]: one.header.value }),
      }
      for (let copy = 0; copy < (twice ? 2 : 1); copy++) this.pending.push({ id, headers, body, attempts: 0 })
    }
  }

  /** Tries each waiting notification once, in order. `send` gives the status of the destination. */
  async deliver(send: (notification: Notification) => Promise<number>): Promise<void> {
    const now = this.pending
    this.pending = []
    for (const one of now) {
      one.attempts += 1
      const status = await send(one)
      if (status >= 200 && status < 300) continue
      if (one.attempts < ATTEMPTS) this.pending.push(one)
      else this.failed.push(one)
    }
  }

  waiting(): ReadonlyArray<Notification> {
    return this.pending
  }

  /** Given up after five attempts; a person may send them again. */
  givenUp(): ReadonlyArray<Notification> {
    return this.failed
  }

  resend(): void {
    this.pending.push(...this.failed.map((one) => ({ ...one, attempts: 0 })))
    this.failed = []
  }

  dump(): OutboxDump {
    return { subscriptions: this.subscriptions, pending: this.pending, failed: this.failed }
  }

  load(dump: OutboxDump): void {
    this.subscriptions = [...dump.subscriptions]
    this.pending = dump.pending.map((one) => ({ ...one }))
    this.failed = dump.failed.map((one) => ({ ...one }))
  }
}
