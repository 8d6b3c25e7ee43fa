/** Puts a twin through the observed exchanges in their order and tells where its answers differ. */
import { readdirSync, readFileSync } from "node:fs"
import * as Json from "@mortise/core/Json"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import { type Answer, open, token } from "./bench.ts"
import { compare } from "./compare.ts"

interface Ask {
  readonly method: string
  readonly path: string
  readonly query?: Record<string, string>
  readonly body?: unknown
  readonly form?: Record<string, string>
  readonly as?: string
  readonly accept?: string
  readonly mark?: boolean
}

export interface Exchange {
  readonly topic: string
  readonly id: string
  readonly place: Json.JsonNumber
  readonly at?: string
  readonly before?: ReadonlyArray<string>
  readonly ask: Ask
  readonly reply: {
    readonly status: Json.JsonNumber
    readonly headers?: Record<string, string>
    readonly body: unknown
  }
  readonly part?: boolean
  readonly anyRow?: boolean
}

const folder = new URL("./exchanges/", import.meta.url)

const linesOf = (file: string): ReadonlyArray<string> =>
  readFileSync(new URL(file, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "")

/** All of them, in the order in which they were observed. */
export const exchanges = (): ReadonlyArray<Exchange> =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl"))
    .flatMap((file) =>
      linesOf(file).map((line) => ({
        ...(Json.parse(line) as unknown as Exchange),
        topic: file.replace(".jsonl", ""),
      })),
    )
    .sort((a, b) => Number(a.place.text) - Number(b.place.text))

type Bench = ReturnType<typeof open>

/** What earlier answers held, and what the site was put through between. */
interface Run extends Bench {
  readonly answers: Map<string, unknown>
  csrf: string
  cookie: string
}

const invoice = (run: Run, rate: number) =>
  run.post("Sales Invoice", { customer: "Acme Corp", items: [{ item_code: "SVC-1", qty: 1, rate }] })

const field = (run: Run, dt: string) =>
  run.post("Custom Field", {
    dt,
    fieldname: "hubspot_deal_id",
    label: "HubSpot Deal ID",
    fieldtype: "Data",
    unique: 1,
    no_copy: 1,
  })

const hook = (run: Run, name: string, event: string, url: string) =>
  run.post("Webhook", {
    __newname: name,
    webhook_doctype: "Customer",
    webhook_docevent: event,
    request_url: `https://hooks.example.test/${url}`,
    webhook_json: `{"name":"{{ doc.name }}"}`,
  })

/** What happened between exchanges and is not among them. */
const steps: { readonly [name: string]: (run: Run) => unknown } = {
  "second contact": (run) =>
    run.post("Contact", {
      first_name: "Ann",
      last_name: "Lee",
      email_ids: [{ email_id: "ann@acme.test", is_primary: 1 }],
      links: [{ link_doctype: "Customer", link_name: "Acme Corp" }],
    }),
  "deal fields": async (run) => {
    await field(run, "Sales Order")
    await field(run, "Sales Invoice")
  },
  "second order": (run) =>
    run.post("Sales Order", {
      customer: "Acme Corp",
      delivery_date: "2026-12-01",
      po_no: "HS-DEAL-9",
      hubspot_deal_id: "D9",
      items: [{ item_code: "SVC-1", qty: 2, rate: 90 }],
    }),
  "submit the invoice of the order": (run) => run.world.submit("Sales Invoice", "ACC-SINV-2026-00005"),
  "rest of the invoice": async (run) => {
    const made = await run.call("erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry", {
      dt: "Sales Invoice",
      dn: "ACC-SINV-2026-00001",
    })
    run.answers.set("rest of the invoice", made.body)
  },
  "submit and let the due date pass": ({ world }) => {
    world.submit("Sales Invoice", "ACC-SINV-2026-00006")
    const { modified } = world.get("Sales Invoice", "ACC-SINV-2026-00006")?.columns ?? {}
    world.overwrite("Sales Invoice", "ACC-SINV-2026-00006", { due_date: "2026-11-05", modified })
    const term = world.get("Sales Invoice", "ACC-SINV-2026-00006")?.tables["payment_schedule"]?.[0]
    if (term !== undefined) term["due_date"] = "2026-11-05"
  },
  "daily job": ({ world }) => world.runDailyJob(),
  "euro customer": (run) => run.post("Customer", { customer_name: "Euro GmbH", default_currency: "EUR" }),
  "one receivable for all currencies": ({ world }) =>
    world.set("Accounts Settings", { allow_multi_currency_invoices_against_single_party_account: 1 }),
  "submit the euro invoice": ({ world }) => world.submit("Sales Invoice", "ACC-SINV-2026-00010"),
  "desk page": async (run) => {
    const page = await run.send("GET", "/app", { headers: { cookie: run.cookie } })
    run.csrf = /csrf_token = "(\w+)"/.exec(page.text)?.[1] ?? ""
  },
  "log out": (run) => run.send("GET", "/api/method/logout", { headers: { cookie: run.cookie } }),
  "three more invoices": async (run) => {
    for (const rate of [1, 2, 3]) await invoice(run, rate)
  },
  "limit of 0.4 s": async ({ clock, world }) => {
    await clock.advance(10_000 - (clock.now() % 10_000))
    world.knobs.rateLimit = { limit: 0.4, window: 10 }
  },
  "limit of 0.05 s is spent": async ({ clock, list, world }) => {
    await clock.advance(10_000 - (clock.now() % 10_000))
    world.knobs.rateLimit = { limit: 0.05, window: 5 }
    for (let at = 0; at < 3; at += 1) await list("UOM")
  },
  "no limit": ({ world }) => {
    world.knobs.rateLimit = undefined
  },
  "webhooks run": async (run) => {
    run.world.aimWebhooks(({ url }) => new Response("ok", { status: url.endsWith("fail") ? 500 : 200 }))
    await hook(run, "cust-fail", "on_update", "fail")
    await run.put("Customer", "Bulk A", { tax_id: "W" })
    for (const wait of [0, 1_300, 3_700]) {
      await run.clock.advance(wait)
      await run.world.deliverWebhooks()
    }
    await run.put("Webhook", "cust-fail", { enabled: 0 })
    await hook(run, "cust-change", "on_change", "ok")
    await run.put("Customer", "Bulk A", { tax_id: "V" })
    await run.world.deliverWebhooks()
  },
  consent: (run) => {
    const query = new URLSearchParams({ redirect_uri: "https://app.example.test/callback", scope: "all openid" })
    run.answers.set("consent", { code: run.world.authorize(clientOf(run), query) })
  },
  revoke: (run) =>
    run.twin.fetch(`${run.twin.origin}/api/method/frappe.integrations.oauth2.revoke_token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token: accessOf(run) }).toString(),
    }),
  "open the order again": (run) =>
    run.call("erpnext.selling.doctype.sales_order.sales_order.update_status", {
      status: "Draft",
      name: "SAL-ORD-2026-00003",
    }),
  "disable Bulk A": (run) => run.put("Customer", "Bulk A", { disabled: 1 }),
  maintenance: ({ world }) => {
    world.knobs.maintenance = "on"
  },
  "maintenance, readable": ({ world }) => {
    world.knobs.maintenance = "readable"
  },
  "no maintenance": ({ world }) => {
    world.knobs.maintenance = "off"
  },
}

const at = (run: Run, reference: string): unknown => {
  const [id = "", path = ""] = reference.split(":")
  let found: unknown = run.answers.get(id)
  for (const part of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[part]
  return found
}

const clientOf = (run: Run): string => String(at(run, "oauth-client:data.client_id"))
const accessOf = (run: Run): string => String(at(run, "oauth-code:access_token"))

const set = (target: unknown, path: string, value: unknown): void => {
  const parts = path.split(".")
  const last = parts.pop() ?? ""
  let at = target as Record<string, unknown>
  for (const part of parts) at = at[part] as Record<string, unknown>
  at[last] = value
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

/** Fills in what earlier answers held. */
const resolved = (run: Run, given: unknown): unknown => {
  if (typeof given === "string") {
    const whole = /^\{\{(.+)\}\}$/.exec(given)?.[1]
    return whole === undefined ? given : at(run, whole)
  }
  if (Array.isArray(given)) return given.map((one) => resolved(run, one))
  if (!isRecord(given)) return given
  const { $of, $repeat, $set, $without, ...rest } = given
  if ($repeat instanceof Json.JsonNumber) {
    return Array.from({ length: Number($repeat.text) }, (_, index) => ({ ...rest, customer_name: `X${index}` }))
  }
  const own = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, resolved(run, value)]))
  if (typeof $of !== "string") return own
  const base = Json.parse(Json.stringify(at(run, $of))) as Record<string, unknown>
  for (const name of ($without ?? []) as ReadonlyArray<string>) delete base[name]
  const made = { ...base, ...own }
  for (const [path, value] of Object.entries(($set ?? {}) as Record<string, unknown>)) set(made, path, value)
  return made
}

const credentials = (run: Run, { as, mark }: Ask): Record<string, string> => {
  switch (as) {
    case undefined:
      return { authorization: token(ErpNextTwin.KEY) }
    case "basic":
      return { authorization: `Basic ${btoa(`${ErpNextTwin.KEY.apiKey}:${ErpNextTwin.KEY.apiSecret}`)}` }
    case "limited": {
      const { api_key: apiKey, api_secret: apiSecret } = at(run, "generate-keys:message") as Record<string, string>
      return { authorization: token({ apiKey: apiKey ?? "", apiSecret: apiSecret ?? "" }) }
    }
    case "wrong key":
      return { authorization: "token unknown:any" }
    case "wrong bearer":
      return { authorization: "Bearer unknown" }
    case "bearer":
      return { authorization: `Bearer ${accessOf(run)}` }
    case "session":
    case "ended session":
      return { cookie: run.cookie, ...(mark === true ? { "x-frappe-csrf-token": run.csrf } : {}) }
    default:
      return {}
  }
}

const bodyOf = (run: Run, { body, form }: Ask): { readonly type?: string; readonly text?: string } => {
  if (form !== undefined) {
    const fields = resolved(run, form) as Record<string, string>
    return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(fields).toString() }
  }
  return body === undefined ? {} : { type: "application/json", text: Json.stringify(resolved(run, body)) }
}

const send = async (run: Run, ask: Ask): Promise<Response> => {
  const query = new URLSearchParams(ask.query ?? {}).toString()
  const { text, type } = bodyOf(run, ask)
  return run.twin.fetch(`${run.twin.origin}${ask.path}${query === "" ? "" : `?${query}`}`, {
    method: ask.method,
    redirect: "manual",
    headers: {
      accept: ask.accept ?? "application/json",
      ...credentials(run, ask),
      ...(type === undefined ? {} : { "content-type": type }),
    },
    ...(text === undefined ? {} : { body: text }),
  })
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ")

/** The clock of the site is where it stood, as far as that is known. */
const turnTo = async ({ clock }: Run, at: string | undefined): Promise<void> => {
  if (at === undefined) return
  const then = Date.parse(`${at.replace(" ", "T").slice(0, 23)}-05:00`)
  if (then > clock.now()) await clock.advance(then - clock.now())
}

const perform = async (run: Run, exchange: Exchange): Promise<ReadonlyArray<string>> => {
  for (const name of exchange.before ?? []) {
    const step = steps[name]
    if (step === undefined) throw new RangeError(`no step ${name}`)
    const made = (await step(run)) as Partial<Answer> | undefined
    if (made?.status !== undefined && made.status >= 400) throw new Error(`${name}: ${made.text}`)
  }
  await turnTo(run, exchange.at)
  const response = await send(run, exchange.ask)
  const text = await response.text()
  const isJson = /json/.test(response.headers.get("content-type") ?? "")
  const body = isJson ? Json.parse(text) : text
  run.answers.set(exchange.id, body)
  if (exchange.id === "session-login") run.cookie = cookiesOf(response)
  return compare(exchange, response, body)
}

export interface Verdict {
  readonly exchange: Exchange
  /** Empty where the twin answers as the server did. */
  readonly differences: ReadonlyArray<string>
}

/** All exchanges, one after the other, on one twin. */
export const run = async (list: ReadonlyArray<Exchange>): Promise<ReadonlyArray<Verdict>> => {
  const bench = open({ companies: [ErpNextTwin.COMPANY], knobs: { listOrder: "name" } })
  const run: Run = { ...bench, answers: new Map(), csrf: "", cookie: "" }
  const verdicts: Array<Verdict> = []
  for (const exchange of list) verdicts.push({ exchange, differences: await perform(run, exchange) })
  return verdicts
}
