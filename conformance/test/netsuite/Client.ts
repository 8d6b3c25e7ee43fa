/** A small client for the tests of the twin: signed in, speaks JSON, keeps nothing else. */
import * as Json from "@mortise/core/Json"
import * as NetSuiteTwin from "../../src/netsuite/NetSuiteTwin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"

export const START = Date.UTC(2026, 0, 15, 12, 0, 30)
export const RECORDS = "/services/rest/record/v1"

export class Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  private readonly body: unknown

  constructor(response: Response, text: string) {
    this.status = response.status
    this.headers = response.headers
    this.text = text
    this.body = /json/.test(response.headers.get("content-type") ?? "") ? Json.parse(text) : undefined
  }

  /** A member by its path, `items.0.id`; numbers as their text. */
  at(path: string): unknown {
    let at: unknown = this.body
    for (const part of path === "" ? [] : path.split(".")) {
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined
    }
    return at instanceof Json.JsonNumber ? at.text : at
  }

  get items(): ReadonlyArray<Record<string, unknown>> {
    return (this.at("items") ?? []) as ReadonlyArray<Record<string, unknown>>
  }

  /** The member of each item of a page. */
  each(path: string): ReadonlyArray<unknown> {
    return this.items.map((_, index) => this.at(`items.${index}.${path}`))
  }

  get location(): string {
    return this.headers.get("location") ?? ""
  }

  /** What the address of the answer ends in. */
  get id(): string {
    return this.location.split("/").at(-1) ?? ""
  }

  /** Code and text of the first detail. */
  get refusal(): string {
    return `${this.status} ${this.at("o:errorDetails.0.o:errorCode")}: ${this.at("o:errorDetails.0.detail")}`
  }
}

export interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export const spec = NetSuiteTwin.spec()

/** A twin on a virtual clock, signed in to. */
export const open = (options: Partial<NetSuiteTwin.Options> = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = NetSuiteTwin.make({ clock, spec, ...options })
  const bare = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await twin.fetch(path.startsWith("http") ? path : `${twin.origin}${path}`, init)
    return new Answer(response, await response.text())
  }
  const signedIn = NetSuiteTwin.signedIn(twin)
  const send = (path: string, { body, headers, method = "GET" }: Call = {}) =>
    bare(path, {
      method,
      headers: { ...signedIn, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : Json.stringify(body) }),
    })
  const record =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(`${RECORDS}/${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  return {
    clock,
    twin,
    world: twin.world,
    bare,
    send,
    get: (path: string) => send(`${RECORDS}/${path}`),
    post: record("POST"),
    put: record("PUT"),
    patch: record("PATCH"),
    remove: (path: string) => send(`${RECORDS}/${path}`, { method: "DELETE" }),
    query: (q: string, params: ReadonlyArray<unknown> = [], page = "") =>
      send(`/services/rest/query/v1/suiteql${page}`, {
        method: "POST",
        headers: { prefer: "transient" },
        body: { q, ...(params.length === 0 ? {} : { params }) },
      }),
  }
}

/** Three customers' worth of things to sell and to be sold to. */
export const furnish = ({ world }: Pick<ReturnType<typeof open>, "world">) => {
  const [customer] = world.seed("customer", [
    { companyName: "Blauwal GmbH", subsidiary: "2", email: "post@blauwal.example", terms: "2" },
  ])
  const [item] = world.seed("serviceSaleItem", [
    {
      itemId: "CONSULT",
      salesDescription: "A day of work",
      price: [{ priceLevel: "1", currencyPage: "4", price: "800" }],
    },
  ])
  const [stock] = world.seed("inventoryItem", [{ itemId: "BOLT-8", rate: "0.35" }])
  return { customer: customer?.id ?? "", item: item?.id ?? "", stock: stock?.id ?? "" }
}
