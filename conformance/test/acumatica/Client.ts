/** A small client for the tests of the twin: signs in by cookie, speaks JSON, keeps nothing else. */
import * as Json from "@mortise/core/Json"
import * as AcumaticaTwin from "../../src/acumatica/AcumaticaTwin.ts"
import type * as Twin from "../../src/twin/Twin.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"

export const START = Date.UTC(2026, 0, 15, 12)

// biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
type Any = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Numbers as their text. */
  readonly body: Any
}

const plain = (text: string): Any => {
  try {
    return JSON.parse(text, (_key, value, context?: { source?: string }) =>
      typeof value === "number" ? context?.source : value,
    )
  } catch {
    return undefined
  }
}

export const ask = async (twin: Twin.Twin<AcumaticaTwin.AcumaticaWorld>, path: string, init: RequestInit = {}) => {
  const response = await twin.fetch(`${twin.origin}${AcumaticaTwin.INSTANCE_PATH}${path}`, {
    redirect: "manual",
    ...init,
  })
  const text = await response.text()
  const answer: Answer = { status: response.status, headers: response.headers, text, body: plain(text) }
  return answer
}

export const cookieOf = (answer: Answer): string =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ")

export interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly version?: string
}

export const login = (twin: Twin.Twin<AcumaticaTwin.AcumaticaWorld>, more: object = {}) =>
  ask(twin, "/entity/auth/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      name: AcumaticaTwin.CREDENTIALS.name,
      password: AcumaticaTwin.CREDENTIALS.password,
      ...more,
    }),
  })

/** A twin on a virtual clock, signed in to. */
export const open = async (options: Partial<AcumaticaTwin.Options> = {}, version = "24.200.001") => {
  const clock = VirtualClock.make({ start: START })
  const twin = AcumaticaTwin.make({ clock, ...options })
  const cookie = cookieOf(await login(twin))
  const send = (path: string, call: Call = {}) =>
    ask(twin, path, {
      method: call.method ?? "GET",
      headers: {
        cookie,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      ...(call.body === undefined
        ? {}
        : { body: typeof call.body === "string" ? call.body : Json.stringify(call.body) }),
    })
  const entity = (path: string, call: Call = {}) => send(`/entity/Default/${call.version ?? version}/${path}`, call)
  return {
    clock,
    twin,
    world: twin.world,
    cookie,
    send,
    entity,
    get: (path: string, call: Call = {}) => entity(path, call),
    put: (path: string, body: unknown, call: Call = {}) => entity(path, { ...call, method: "PUT", body }),
    post: (path: string, body: unknown, call: Call = {}) => entity(path, { ...call, method: "POST", body }),
  }
}

/** `{ Name: "x" }` as `{ Name: { value: "x" } }`; arrays and nested objects with a `$` stay as they are. */
export const values = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) || (typeof value === "object" && value !== null && !(value instanceof Json.JsonNumber))
        ? value
        : { value },
    ]),
  )

export const amount = (text: string): Json.JsonNumber => new Json.JsonNumber({ text })
