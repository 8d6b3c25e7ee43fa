/**
 * Business events: what is active goes into an outbox when a transaction commits, and whoever runs the twin carries it to the
 * client. Nothing is signed. A failed delivery is tried three times more, a second apart, and then stands in an error log
 * until a person sends it again.
 */
import type { TwinClock } from "../twin/Twin.ts"
import * as Random from "./Random.ts"
import type { Subscription } from "./State.ts"
import type { DynamicsWorld } from "./World.ts"

/** Microsoft: business events, default of the retries; both numbers can be configured there. */
export const RETRIES = 3
export const RETRY_MILLIS = 1_000

export interface Delivery {
  readonly id: string
  readonly eventId: string
  /** The JSON text as it is posted. */
  readonly body: string
}

export interface OutboxDump {
  readonly subscriptions: ReadonlyArray<Subscription>
  readonly pending: ReadonlyArray<Delivery>
  readonly failed: ReadonlyArray<Delivery>
  readonly control: number
}

type Value = string | number

export interface Occurrence {
  readonly eventId: string
  /** Lower case. */
  readonly company: string
  /** Members of the contract; instants as `/Date(ms)/`. */
  readonly contract: Readonly<Record<string, Value>>
}

const FIRST_CONTROL = 5_637_144_576

/** Milliseconds as the serializer of the service writes them. */
export const date = (millis: number): string => `/Date(${millis})/`

export class Outbox {
  private subscriptions: Array<Subscription> = []
  private pending: Array<Delivery> = []
  private failed: Array<Delivery> = []
  private control = FIRST_CONTROL

  activate(subscription: Subscription): void {
    this.subscriptions.push(subscription)
  }

  record(world: DynamicsWorld, { company, contract, eventId }: Occurrence): void {
    const active = this.subscriptions.some(
      (one) => one.eventId === eventId && (one.company === undefined || one.company === company),
    )
    if (!active) return
    const gap = Math.max(1, world.knobs.eventGap)
    this.control += 1 + (Random.version(world.seedNumber, world.salt()) % gap)
    const id = world.guid()
    const now = world.now()
    const body = JSON.stringify({
      BusinessEventId: eventId,
      BusinessEventLegalEntity: company.toUpperCase(),
      ContextRecordSubject: "",
      ControlNumber: this.control,
      EventId: id,
      EventTime: date(now),
      EventTimeIso8601: new Date(now).toISOString().replace("Z", "0000Z"),
      InitiatingUserAADObjectId: `{${Random.guid(world.seedNumber, 0)}}`,
      MajorVersion: 0,
      MinorVersion: 0,
      ParentContextRecordSubjects: null,
      ...contract,
    })
    for (let copy = 0; copy < (world.knobs.eventTwice ? 2 : 1); copy++) this.pending.push({ id, eventId, body })
  }

  /** Sends what waits. `send` gives the status of the endpoint; anything but 2xx is tried again. */
  async deliver(world: DynamicsWorld, send: (delivery: Delivery) => Promise<number>): Promise<void> {
    const now = world.knobs.eventReorder ? [...this.pending].reverse() : this.pending
    this.pending = []
    for (const one of now) if (!(await attempt(world.clock, () => send(one)))) this.failed.push(one)
  }

  waiting(): ReadonlyArray<Delivery> {
    return this.pending
  }

  /** The error log. */
  errors(): ReadonlyArray<Delivery> {
    return this.failed
  }

  resend(): void {
    this.pending.push(...this.failed)
    this.failed = []
  }

  dump(): OutboxDump {
    return {
      subscriptions: [...this.subscriptions],
      pending: [...this.pending],
      failed: [...this.failed],
      control: this.control,
    }
  }

  load(dump: OutboxDump): void {
    this.subscriptions = [...dump.subscriptions]
    this.pending = [...dump.pending]
    this.failed = [...dump.failed]
    this.control = dump.control
  }
}

const attempt = async (clock: TwinClock, send: () => Promise<number>): Promise<boolean> => {
  for (let tried = 0; tried <= RETRIES; tried++) {
    if (tried > 0) await clock.sleep(RETRY_MILLIS)
    const status = await send()
    if (status >= 200 && status < 300) return true
  }
  return false
}
