/**
 * The outbox: events leave in arrays of at most 100, signed, and come again up to ten times over a day when the receiver
 * fails or takes longer than five seconds. HubSpot: webhooks guide. Nothing is sent by itself: the caller pumps.
 */
import type { TwinClock } from "../twin/Twin.ts"
import * as Batch from "./Batch.ts"
import type { Call } from "./Hub.ts"
import type { Change } from "./Store.ts"
import * as WebhookEvents from "./WebhookEvents.ts"
import * as WebhookSignature from "./WebhookSignature.ts"

const PER_REQUEST = 100
const TIMEOUT = 5_000
const RETRIES = 10
/** Minutes until the next attempt; together about a day. Each is jittered by a fifth. */
const BACKOFF = [1, 3, 10, 20, 40, 80, 160, 240, 360, 480]

export interface Target {
  /** What the signature names; where nothing else is given, also where the request goes. */
  readonly url: string
  readonly appId: number
  readonly clientSecret: string
  /** The receiver itself, in process. Defaults to a request to `url`. */
  readonly receive?: (request: Request) => Promise<Response> | Response
}

interface Waiting {
  readonly event: WebhookEvents.Event
  readonly attempt: number
  readonly due: number
}

export interface Delivery {
  readonly at: number
  readonly events: ReadonlyArray<WebhookEvents.Event>
  /** The receiver's status; undefined when there was none in time. */
  readonly status: number | undefined
}

export interface WebhooksDump {
  readonly subscriptions: ReadonlyArray<WebhookEvents.Subscription>
  readonly outbox: ReadonlyArray<Waiting>
  readonly nextEventId: number
}

export class Webhooks {
  #target: Target | undefined
  #subscriptions: ReadonlyArray<WebhookEvents.Subscription> = []
  #outbox: Array<Waiting> = []
  #nextEventId = 1_000_000_001

  /** Where deliveries go. A function, so it is no part of a dump. */
  aim(target: Target): void {
    this.#target = target
  }

  subscribe(given: Omit<WebhookEvents.Subscription, "subscriptionId">): number {
    const subscriptionId = 2_000_001 + this.#subscriptions.length
    this.#subscriptions = [...this.#subscriptions, { ...given, subscriptionId }]
    return subscriptionId
  }

  note(call: Call, changes: ReadonlyArray<Change>, changeSource: string): void {
    const events = WebhookEvents.events(call, changes, this.#subscriptions, {
      appId: this.#target?.appId ?? 0,
      changeSource,
      nextId: () => this.#nextEventId++,
    })
    for (const event of events) {
      this.#outbox.push({ event, attempt: 0, due: call.now })
      if (call.random() < call.hub.knobs.webhookDuplicate) this.#outbox.push({ event, attempt: 0, due: call.now })
    }
  }

  /** Events that wait, first or again. */
  pending(): number {
    return this.#outbox.length
  }

  /** When the next one is due. */
  nextDue(): number | undefined {
    return this.#outbox.length === 0 ? undefined : Math.min(...this.#outbox.map((one) => one.due))
  }

  /** Sends what is due and queues again what failed. */
  async deliverDue(call: Call, clock: TwinClock): Promise<ReadonlyArray<Delivery>> {
    const target = this.#target
    if (target === undefined) throw new Error("webhooks have no target: call aim first")
    const due = this.#outbox.filter((one) => one.due <= call.now)
    this.#outbox = this.#outbox.filter((one) => one.due > call.now)
    const order = call.hub.knobs.webhookReorder ? Batch.shuffled(due, call.random) : due
    const deliveries: Array<Delivery> = []
    for (let start = 0; start < order.length; start += PER_REQUEST) {
      const part = order.slice(start, start + PER_REQUEST)
      const status = await send(target, part, call.now, clock)
      if (status === undefined || status >= 300 || status < 200) this.#again(part, call)
      deliveries.push({ at: call.now, events: part.map((one) => one.event), status })
    }
    return deliveries
  }

  #again(failed: ReadonlyArray<Waiting>, call: Call): void {
    for (const { attempt, event } of failed) {
      if (attempt >= RETRIES) continue
      const minutes = (BACKOFF[attempt] ?? 480) * (0.8 + 0.4 * call.random())
      this.#outbox.push({ event, attempt: attempt + 1, due: call.now + Math.round(minutes * 60_000) })
    }
  }

  dump(): WebhooksDump {
    return { subscriptions: this.#subscriptions, outbox: this.#outbox, nextEventId: this.#nextEventId }
  }

  load(dump: WebhooksDump): void {
    this.#subscriptions = dump.subscriptions
    this.#outbox = [...dump.outbox]
    this.#nextEventId = dump.nextEventId
  }
}

const send = async (
  target: Target,
  part: ReadonlyArray<Waiting>,
  now: number,
  clock: TwinClock,
): Promise<number | undefined> => {
  const body = JSON.stringify(part.map(({ attempt, event }) => ({ ...event, attemptNumber: attempt })))
  const headers = WebhookSignature.headers(target.clientSecret, target.url, body, now)
  const request = new Request(target.url, { method: "POST", headers, body })
  const receive = target.receive ?? ((one: Request) => globalThis.fetch(one))
  const answered = Promise.resolve()
    .then(() => receive(request))
    .then(
      (response) => response.status,
      () => undefined,
    )
  return await Promise.race([answered, clock.sleep(TIMEOUT).then(() => undefined)])
}
