/** A small client for the tests of the twin: signed in, speaks JSON, keeps nothing else. */
import * as Json from "@mortise/core/Json"
import * as DynamicsTwin from "../../src/dynamics/DynamicsTwin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"

export const START = Date.UTC(2026, 6, 15, 9, 30)

export class Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  private readonly body: unknown

  constructor(response: Response, text: string) {
    this.status = response.status
    this.headers = response.headers
    this.text = text
    this.body = /json/.test(response.headers.get("content-type") ?? "") && text !== "" ? Json.parse(text) : undefined
  }

  /** A member by its path, `value.0.CustomerAccount`; numbers as their text. Annotations by their whole name. */
  at(path: string | ReadonlyArray<string>): unknown {
    let at: unknown = this.body
    for (const part of typeof path === "string" ? path.split(".") : path) {
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined
    }
    return at instanceof Json.JsonNumber ? at.text : at
  }

  get rows(): ReadonlyArray<Record<string, unknown>> {
    const value = this.at("value")
    return Array.isArray(value) ? value : []
  }

  /** The member of each row of a list; numbers as their text. */
  each(name: string): ReadonlyArray<unknown> {
    return this.rows.map((row) => (row[name] instanceof Json.JsonNumber ? String(row[name]) : row[name]))
  }

  etag(place?: number): string {
    return String(this.at(place === undefined ? ["@odata.etag"] : ["value", String(place), "@odata.etag"]))
  }

  get reason(): string {
    return String(this.at("error.innererror.message"))
  }
}

/** The pairs of an ETag. */
export const pairs = (etag: string): ReadonlyArray<string> => {
  const [, inside = ""] = /^W\/"(.+)"$/.exec(etag) ?? []
  return Buffer.from(inside, "base64").toString("utf8").slice(1, -1).split(";")
}

interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export const make = (options: Partial<DynamicsTwin.Options> = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = DynamicsTwin.make({ clock, ...options })
  return { clock, twin, world: twin.world }
}

/** A twin on a virtual clock, with a token. */
export const open = (options: Partial<DynamicsTwin.Options> = {}) => {
  const { clock, twin, world } = make(options)
  const ask = async (path: string, { body, headers, method = "GET" }: Call = {}) => {
    const response = await twin.fetch(`${twin.origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${DynamicsTwin.token(world)}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : Json.stringify(body) }),
    })
    return new Answer(response, await response.text())
  }
  const get = (path: string, call: Call = {}) => ask(`/data/${path}`, call)
  return {
    clock,
    twin,
    world,
    ask,
    get,
    post: (path: string, body: unknown, call: Call = {}) => get(path, { ...call, method: "POST", body }),
    patch: (path: string, body: unknown, call: Call = {}) => get(path, { ...call, method: "PATCH", body }),
    remove: (path: string, call: Call = {}) => get(path, { ...call, method: "DELETE" }),
  }
}

export const amount = (text: string): Json.JsonNumber => new Json.JsonNumber({ text })

export const filter = (text: string): string => `$filter=${encodeURIComponent(text)}`

export const CUSTOMER = { OrganizationName: "Contoso Retail", CustomerGroupId: "30", SalesCurrencyCode: "USD" }

/** Seeds customers, `C000` and on. */
export const customers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...CUSTOMER,
    CustomerAccount: `C${String(i).padStart(3, "0")}`,
    OrganizationName: `Name ${i}`,
  }))
