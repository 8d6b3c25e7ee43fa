/** Mutants that the rules of values have to catch: what is not the same any more when it arrives. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as Decimal from "@mortise/core/Decimal"
import type * as Port from "@mortise/core/Port"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import { ACUMATICA, door, HUBSPOT, mapped, REFERENCE, SMALL, sending } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const decimals = (name: string, change: (value: Decimal.Decimal) => Decimal.Decimal): Mutant =>
  sending(name, (value) => (BigDecimal.isBigDecimal(value) ? change(value) : value))

const texts = (name: string, change: (text: string) => string): Mutant =>
  sending(name, (value) => (typeof value === "string" ? change(value) : value))

const plain = (value: number): string =>
  value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 })

const throughNumber = (value: Decimal.Decimal): Decimal.Decimal => Decimal.make(plain(Number(Decimal.format(value))))

const DAY_MILLIS = 86_400_000
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
const dayBefore = (text: string): string =>
  isDay(text) ? new Date(Date.parse(text) - DAY_MILLIS).toISOString().slice(0, 10) : text

/** Records that were found, on their way to whoever asked. */
const finding = (name: string, change: (record: object) => object): Mutant => {
  const all = <A extends { readonly record: object }>(found: ReadonlyMap<string, A>): ReadonlyMap<string, A> =>
    new Map([...found].map(([key, one]) => [key, { ...one, record: change(one.record) }]))
  return {
    name,
    port: (port) => ({
      ...port,
      get: (ids, options) => Effect.map(port.get(ids, options), all as never),
      find: (keys) => Effect.map(port.find(keys), all as never),
    }),
  }
}

const getsAll: Mutant = {
  name: "gets all fields whatever was asked for",
  port: (port): Port.Any => ({ ...port, get: (ids) => port.get(ids) }),
}

/** An older version of the endpoint, written to in the words of the newest one. */
const losesPhone = (name: string, versions: RegExp, phone: RegExp): Mutant =>
  door(name, async (request, fetch) => {
    if (request.method === "GET" || !versions.test(request.url)) return fetch(request)
    const body = (await request.clone().text()).replace(phone, "")
    return fetch(new Request(request.url, { method: request.method, headers: request.headers, body }))
  })

export const values: ReadonlyArray<Known> = [
  {
    make: () => decimals("writes amounts through JavaScript numbers", throughNumber),
    caughtBy: ["V/decimals"],
    on: SMALL,
  },
  {
    make: () =>
      finding(
        "reads amounts through JavaScript numbers",
        (record) =>
          mapped(record, (value) => (BigDecimal.isBigDecimal(value) ? throughNumber(value) : value)) as object,
      ),
    caughtBy: ["V/decimals"],
    on: REFERENCE,
  },
  {
    make: () => decimals("keeps two decimals of every currency", (value) => BigDecimal.round(value, { scale: 2 })),
    caughtBy: ["V/money", "V/decimals"],
    on: REFERENCE,
  },
  {
    make: () =>
      decimals("takes every amount for one in cents", (value) => BigDecimal.multiply(value, Decimal.make("100"))),
    caughtBy: ["V/money", "V/line-quantities"],
    on: REFERENCE,
  },
  {
    make: () => decimals("takes pieces for whole ones", (value) => BigDecimal.round(value, { scale: 0 })),
    caughtBy: ["V/line-quantities"],
    on: REFERENCE,
  },
  { make: () => texts("writes days as midnight of a zone in the east", dayBefore), caughtBy: ["V/dates"], on: SMALL },
  {
    make: () =>
      finding(
        "reads days as midnight of a zone in the west",
        (record) => mapped(record, (value) => (typeof value === "string" ? dayBefore(value) : value)) as object,
      ),
    caughtBy: ["V/dates"],
    on: REFERENCE,
  },
  {
    make: () =>
      texts("writes what Latin-1 does not have as a question mark", (text) => text.replace(/[^ -\u00ff]/g, "?")),
    caughtBy: ["V/texts"],
    on: REFERENCE,
  },
  {
    make: () => texts("composes signs that were written apart", (text) => text.normalize("NFC")),
    caughtBy: ["V/texts"],
    on: REFERENCE,
  },
  {
    make: () =>
      texts("leaves out signs beyond the basic plane", (text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, "")),
    caughtBy: ["V/texts"],
    on: REFERENCE,
  },
  {
    make: () =>
      finding("reads an empty text where nothing is", (record) => ({
        ...record,
        phone: (record as { phone?: string }).phone ?? "",
      })),
    caughtBy: ["V/null-is-read"],
    on: REFERENCE,
  },
  { make: () => getsAll, caughtBy: ["V/null-is-read"], on: REFERENCE },
  {
    make: () =>
      losesPhone(
        "leaves a field out of what it writes to an older version",
        /\/2[03]\.200\.001\//,
        /"Phone1":\{"value":"[^"]*"\},?/,
      ),
    caughtBy: ["V/every-version"],
    on: ACUMATICA,
  },
  {
    make: () =>
      losesPhone("leaves a property out of what it writes to an older version", /\/v3\//, /"phone":"[^"]*",?/),
    caughtBy: ["V/every-version"],
    on: HUBSPOT,
  },
]
