/**
 * Webhooks leave after the commit, one for each document and webhook of a transaction; three attempts, and then they are
 * lost. Nothing is sent by itself: the caller pumps, as the site's worker would.
 */
import * as crypto from "node:crypto"
import { type Columns, type Doc, isSet, nameOf, text } from "./Doc.ts"
import type { Site } from "./Site.ts"

/** Milliseconds after an attempt that failed. */
const WAITS = [1_300, 3_700]
const ATTEMPTS = 3
const TIMEOUT = 5_000

export interface Waiting {
  readonly webhook: string
  readonly doctype: string
  readonly document: string
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly attempt: number
  readonly due: number
}

export interface Delivery extends Waiting {
  readonly at: number
  /** Undefined when there was no answer in time. */
  readonly status: number | undefined
}

/** The receiver; a request to the webhook's address unless told. */
export type Receive = (request: Request) => Promise<Response> | Response

/** Events that webhooks of a name wait for. `on_update_after_submit` waits for one that never comes. */
const fires = (wanted: string, event: string): boolean => wanted === event && wanted !== "on_update_after_submit"

/** JSON as Python writes it: blanks after marks, and nothing beyond ASCII. */
const pythonJson = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/([[{]) /g, "$1")
    .replace(/ ([\]}])/g, "$1")
    .replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)

const fill = (template: string, doc: Doc): string =>
  template.replace(/\{\{\s*doc\.(\w+)\s*\}\}/g, (_, field: string) => text(doc.columns, field) || "None")

const bodyOf = (columns: Columns, rows: ReadonlyArray<Columns>, doc: Doc): string => {
  if (text(columns, "webhook_json") !== "") return pythonJson(JSON.parse(fill(text(columns, "webhook_json"), doc)))
  return pythonJson(
    Object.fromEntries(rows.map((row) => [text(row, "key"), doc.columns[text(row, "fieldname")] ?? null])),
  )
}

export const signature = (secret: string, body: string): string =>
  crypto.createHmac("sha256", secret).update(body).digest("base64")

const message = (hook: Doc, doc: Doc, now: number): Waiting => {
  const { columns, tables } = hook
  const body = bodyOf(columns, tables["webhook_data"] ?? [], doc)
  const own = (tables["webhook_headers"] ?? []).map((row) => [text(row, "key").toLowerCase(), text(row, "value")])
  const signed = isSet(columns, "enable_security")
    ? { "x-frappe-webhook-signature": signature(text(columns, "webhook_secret"), body) }
    : {}
  return {
    webhook: nameOf(hook),
    doctype: doc.doctype,
    document: nameOf(doc),
    url: text(columns, "request_url"),
    method: text(columns, "request_method") || "POST",
    headers: { ...Object.fromEntries(own), ...signed },
    body,
    attempt: 0,
    due: now,
  }
}

export interface WebhooksDump {
  readonly outbox: ReadonlyArray<Waiting>
  readonly lost: ReadonlyArray<Waiting>
}

export class Webhooks {
  private outbox: Array<Waiting> = []
  private given: Array<Waiting> = []
  private noted = new Map<string, () => Waiting>()
  private receive: Receive = (request) => globalThis.fetch(request)

  /** Where deliveries go. A function, so it is no part of a dump. */
  aim(receive: Receive): void {
    this.receive = receive
  }

  note(site: Site, event: string, doc: Doc): void {
    for (const hook of site.store.all("Webhook")) {
      const { columns } = hook
      if (!isSet(columns, "enabled") || text(columns, "webhook_doctype") !== doc.doctype) continue
      if (!fires(text(columns, "webhook_docevent"), event)) continue
      this.noted.set(`${nameOf(hook)} ${doc.doctype} ${nameOf(doc)}`, () => message(hook, doc, site.now()))
    }
  }

  /** At the end of a request: what was noted leaves, or is forgotten with what was rolled back. */
  settle(committed: boolean): void {
    if (committed) this.outbox.push(...[...this.noted.values()].map((make) => make()))
    this.noted = new Map()
  }

  pending(): ReadonlyArray<Waiting> {
    return this.outbox
  }

  /** Given up after three attempts. */
  lost(): ReadonlyArray<Waiting> {
    return this.given
  }

  nextDue(): number | undefined {
    return this.outbox.length === 0 ? undefined : Math.min(...this.outbox.map((one) => one.due))
  }

  /** Sends what is due; what failed is due again, or lost. */
  async deliverDue(site: Site): Promise<ReadonlyArray<Delivery>> {
    const due = this.outbox.filter((one) => one.due <= site.now())
    this.outbox = this.outbox.filter((one) => one.due > site.now())
    const deliveries: Array<Delivery> = []
    for (const one of due) {
      const { status, text: answer } = await this.send(site, one)
      const delivered = status !== undefined && status < 400
      deliveries.push({ ...one, at: site.now(), status })
      log(site, one, answer, delivered)
      if (delivered) continue
      const attempt = one.attempt + 1
      if (attempt >= ATTEMPTS) this.given.push({ ...one, attempt })
      else this.outbox.push({ ...one, attempt, due: site.now() + (WAITS[one.attempt] ?? 0) })
    }
    return deliveries
  }

  private async send(site: Site, { body, headers, method, url }: Waiting) {
    const request = new Request(url, { method, headers, body })
    const nothing = { status: undefined, text: "" } as const
    const answered = Promise.resolve()
      .then(() => this.receive(request))
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => nothing)
    return Promise.race([answered, site.clock.sleep(TIMEOUT).then(() => nothing)])
  }

  dump(): WebhooksDump {
    return structuredClone({ outbox: this.outbox, lost: this.given })
  }

  load(dump: WebhooksDump): void {
    this.outbox = [...dump.outbox]
    this.given = [...dump.lost]
  }
}

const log = (site: Site, one: Waiting, answer: string, delivered: boolean): void => {
  const stamp = site.stamp()
  const columns: Columns = {
    name: site.hash(),
    owner: site.user,
    creation: stamp,
    modified: stamp,
    modified_by: site.user,
    webhook: one.webhook,
    reference_document: one.document,
    url: one.url,
    data: one.body,
    response: answer,
    error: delivered ? "" : "Traceback (most recent call last):\nrequests.exceptions.HTTPError\n",
  }
  site.store.put({ doctype: "Webhook Request Log", columns, tables: {} })
}
