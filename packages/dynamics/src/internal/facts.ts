/** What decoding needs to know of the company: its currency, its terms, its dimensions. Asked for once in a while. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { LocalDate } from "@mortise/core/Values"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Client } from "../Client.ts"
import * as Dimensions from "../Dimensions.ts"
import * as Filter from "../Filter.ts"
import type { Settings } from "../Settings.ts"
import type { Facts } from "./Mapping.ts"
import type { Records } from "./records.ts"

const FRESH = Duration.minutes(10)

/** Whoever may not see a set reads without it. */
const orElse = <A>(effect: Effect.Effect<A, ConnectorError>, none: A): Effect.Effect<A, ConnectorError> =>
  Effect.catch(effect, (error) =>
    error.reason._tag === "Forbidden" || error.reason._tag === "NotFound" ? Effect.succeed(none) : Effect.fail(error),
  )

const currencyOf = (records: Records, { company }: Settings): Effect.Effect<string | undefined, ConnectorError> =>
  Effect.map(
    records.list("Ledgers", {
      select: ["LegalEntityId", "AccountingCurrency"],
      filter: Filter.equals("LegalEntityId", company),
      top: 2,
    }),
    ({ rows }) =>
      rows.find(({ LegalEntityId }) => LegalEntityId?.toLowerCase() === company)?.AccountingCurrency || undefined,
  )

const termsOf = (records: Records, { company }: Settings): Effect.Effect<ReadonlyMap<string, number>, ConnectorError> =>
  Effect.map(
    records.all("PaymentTerms", {
      select: ["dataAreaId", "Name", "NumberOfDays", "NumberOfMonths"],
      filter: Filter.equals("dataAreaId", company),
      orderBy: ["Name asc"],
    }),
    (rows) =>
      new Map(
        rows.flatMap(({ Name, NumberOfDays, NumberOfMonths }): ReadonlyArray<readonly [string, number]> => {
          // Months have no number of days.
          if (!Name || NumberOfDays === undefined || Number(NumberOfMonths ?? 0) !== 0) return []
          return [[Name.toLowerCase(), Number(NumberOfDays)]]
        }),
      ),
  )

const dayIn = (zone: string, millis: number): LocalDate =>
  DateTime.formatIsoDate(DateTime.makeZonedUnsafe(millis, { timeZone: zone })) as LocalDate

/** What new records are given, written by the environment's own format. */
const dimensionsOf = (client: Client, settings: Settings): Effect.Effect<Facts["dimensions"], ConnectorError> => {
  const { delimiter = "-", ...values } = settings.dimensions ?? {}
  const wanted = Object.entries(values).filter(([, each]) => Object.keys(each).length > 0)
  if (wanted.length === 0) return Effect.succeed({})
  return Effect.gen(function* () {
    const format = yield* Dimensions.format(client, delimiter)
    const shown = yield* Effect.forEach(wanted, ([entity, each]) =>
      Effect.map(Dimensions.display(format, each), (text) => [entity, text] as const),
    )
    return Object.fromEntries(shown)
  })
}

/** `now` is the server's clock. */
export const make = (
  settings: Settings,
  { client, now, records }: { readonly client: Client; readonly records: Records; readonly now: Effect.Effect<number> },
): Effect.Effect<Effect.Effect<Facts, ConnectorError>> =>
  Effect.gen(function* () {
    const asked = Effect.all({
      currency: orElse(currencyOf(records, settings), undefined),
      terms: orElse(termsOf(records, settings), new Map()),
      dimensions: dimensionsOf(client, settings),
    })
    // A failure is not kept.
    const company = yield* Effect.cachedWithTTL(asked, (exit) => (Exit.isSuccess(exit) ? FRESH : Duration.zero))
    return Effect.gen(function* () {
      const { currency, dimensions, terms } = yield* company
      const today = dayIn(settings.timeZone, yield* now)
      return { settings, today, terms, dimensions, ...(currency === undefined ? {} : { currency }) }
    })
  })
