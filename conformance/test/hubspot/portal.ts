/** A portal for tests: a clock that the test moves, and requests that read as sentences. */
import * as HubSpotTwin from "../../src/hubspot/HubSpotTwin.ts"

export interface HandClock {
  readonly now: () => number
  readonly sleep: (millis: number) => Promise<void>
  readonly advance: (millis: number) => void
}

/** Moves only by hand; sleepers wake when their time has come. */
export const handClock = (start = Date.UTC(2026, 10, 2, 9)): HandClock => {
  let time = start
  const sleepers: Array<{ readonly at: number; readonly wake: () => void }> = []
  return {
    now: () => time,
    sleep: (millis) => new Promise((wake) => sleepers.push({ at: time + millis, wake })),
    advance: (millis) => {
      time += millis
      for (const sleeper of sleepers.filter((one) => one.at <= time)) sleeper.wake()
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body. */
  readonly body: Body
}

/** The members that answers of any kind have; which of them are there is what tests are about. */
export interface Body {
  readonly id: string
  readonly new: boolean
  readonly properties: Readonly<Record<string, string | null>>
  readonly propertiesWithHistory: Readonly<Record<string, ReadonlyArray<{ readonly value: string }>>>
  readonly archived: boolean
  readonly archivedAt: string | undefined
  readonly updatedAt: string
  readonly objectWriteTraceId: string | undefined
  readonly associations: Readonly<Record<string, { readonly results: ReadonlyArray<Body> }>> | undefined
  readonly type: string
  readonly results: ReadonlyArray<Body>
  readonly errors: ReadonlyArray<Body> | undefined
  readonly numErrors: number | undefined
  readonly total: number
  readonly paging: { readonly next: { readonly after: string; readonly link: string } } | undefined
  readonly status: string
  readonly message: string
  readonly category: string | undefined
  readonly subCategory: string
  readonly code: string
  readonly context: Readonly<Record<string, ReadonlyArray<string>>>
  readonly links: Readonly<Record<string, string>>
  readonly correlationId: string
  readonly policyName: string | undefined
  readonly errorType: string | undefined
  readonly from: Body
  readonly to: Body & ReadonlyArray<Body>
  readonly toObjectId: string
  readonly associationTypes: ReadonlyArray<Body>
  readonly associationSpec: { readonly associationTypeId: number }
  readonly typeId: number
  readonly label: string | null
  readonly labels: ReadonlyArray<string>
  readonly name: string
  readonly stages: ReadonlyArray<Body>
  readonly metadata: Readonly<Record<string, string>>
  readonly options: ReadonlyArray<Body>
  readonly value: string
  readonly hasUniqueValue: boolean
  readonly currentUsage: number
  readonly usageLimit: number
  readonly portalId: number
  readonly timeZone: string
  readonly utcOffset: string
  readonly companyCurrency: string
  readonly email: string
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly token_use: string
  readonly hub_id: number
  readonly active: boolean
  readonly scopes: ReadonlyArray<string>
  readonly error: string
  readonly error_description: string
}

export interface AskOptions {
  readonly token?: string | null
  readonly form?: Readonly<Record<string, string>>
}

export const V3 = "/crm/v3/objects"
export const V2026 = "/crm/objects/2026-09"

export const open = (options: Partial<HubSpotTwin.Options> = {}) => {
  const clock = handClock()
  const twin = HubSpotTwin.make({ clock, seed: 7, ...options })
  const { world } = twin
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    { form, token }: AskOptions = {},
  ): Promise<Answer> => {
    const headers: Record<string, string> = {}
    if (token !== null) headers["authorization"] = `Bearer ${token ?? world.token}`
    if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded"
    else if (body !== undefined) headers["content-type"] = "application/json"
    const sent = form === undefined ? body : new URLSearchParams(form).toString()
    const text = sent === undefined ? undefined : typeof sent === "string" ? sent : JSON.stringify(sent)
    const response = await twin.fetch(`${HubSpotTwin.origin}${path}`, {
      method,
      headers,
      ...(text === undefined ? {} : { body: text }),
    })
    const raw = await response.text()
    const json = response.headers.get("content-type")?.includes("json") === true
    return {
      status: response.status,
      headers: response.headers,
      text: raw,
      body: (json ? JSON.parse(raw) : raw) as Body,
    }
  }
  return { ask, clock, twin, world }
}

/** A company key of our own, unique in the portal. */
export const withKey = (world: HubSpotTwin.HubSpotWorld, ...types: ReadonlyArray<HubSpotTwin.ObjectName>): void => {
  for (const type of types) world.defineProperty(type, { name: "erp_key", hasUniqueValue: true })
}

/** Upsert inputs by `erp_key`, each with a trace id. */
export const upserts = (inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => ({
  inputs: Object.entries(inputs).map(([id, properties]) => ({
    id,
    idProperty: "erp_key",
    objectWriteTraceId: `trace-${id}`,
    properties: { erp_key: id, ...properties },
  })),
})
