/** A small client for the tests of the twin: signs in by cookie, speaks JSON, keeps nothing else. */
import * as Json from "@mortise/core/Json"
import * as AcumaticaTwin from "../../src/acumatica/AcumaticaTwin.ts"
import type { Twin } from "../../src/twin/Twin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"

export const START = Date.UTC(2026, 0, 15, 12)

type AcumaticaTwinOf = Twin<AcumaticaTwin.AcumaticaWorld>

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

  /** A member by its path, `0.CustomerID.value`; numbers as their text. */
  at(path: string): unknown {
    let at: unknown = this.body
    for (const part of path === "" ? [] : path.split(".")) {
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined
    }
    return at instanceof Json.JsonNumber ? at.text : at
  }

  /** Records in a list. */
  get length(): number {
    return Array.isArray(this.body) ? this.body.length : -1
  }

  /** The member of each record of a list. */
  each(path: string): ReadonlyArray<unknown> {
    return Array.from({ length: Math.max(0, this.length) }, (_, index) => this.at(`${index}.${path}`))
  }
}

export const ask = async (twin: AcumaticaTwinOf, path: string, init: RequestInit = {}): Promise<Answer> => {
  const url = `${twin.origin}${AcumaticaTwin.INSTANCE_PATH}${path}`
  const response = await twin.fetch(url, { redirect: "manual", ...init })
  return new Answer(response, await response.text())
}

export const cookieOf = (answer: Answer): string =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ")

export const login = (twin: AcumaticaTwinOf, more: Record<string, string> = {}): Promise<Answer> =>
  ask(twin, "/entity/auth/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      name: AcumaticaTwin.CREDENTIALS.name,
      password: AcumaticaTwin.CREDENTIALS.password,
      ...more,
    }),
  })

export const form = (twin: AcumaticaTwinOf, path: string, fields: Record<string, string>): Promise<Answer> =>
  ask(twin, path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_id: AcumaticaTwin.CREDENTIALS.clientId,
      client_secret: AcumaticaTwin.CREDENTIALS.clientSecret,
      ...fields,
    }).toString(),
  })

export interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly version?: string
}

export const make = (options: Partial<AcumaticaTwin.Options> = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = AcumaticaTwin.make({ clock, ...options })
  return { clock, twin, world: twin.world }
}

/** A twin on a virtual clock, signed in to. */
export const open = async (options: Partial<AcumaticaTwin.Options> = {}, version = "24.200.001") => {
  const { clock, twin, world } = make(options)
  const cookie = cookieOf(await login(twin))
  const send = (path: string, { body, headers, method = "GET" }: Call = {}) =>
    ask(twin, path, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : Json.stringify(body) }),
    })
  const get = (path: string, call: Call = {}) => send(`/entity/Default/${call.version ?? version}/${path}`, call)
  return {
    clock,
    twin,
    world,
    cookie,
    send,
    get,
    put: (path: string, body: unknown, call: Call = {}) => get(path, { ...call, method: "PUT", body }),
    patch: (path: string, body: unknown, call: Call = {}) => get(path, { ...call, method: "PATCH", body }),
    post: (path: string, body: unknown, call: Call = {}) => get(path, { ...call, method: "POST", body }),
    remove: (path: string) => get(path, { method: "DELETE" }),
  }
}

/** `{ Name: "x" }` as `{ Name: { value: "x" } }`. */
export const values = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }]))

export const amount = (text: string): Json.JsonNumber => new Json.JsonNumber({ text })

export const filter = (text: string): string => `$filter=${encodeURIComponent(text)}`
