import * as Benches from "@mortise/conformance/kit/Bench"
import type { Connected } from "@mortise/conformance/kit/Subject"
import { portOf } from "@mortise/conformance/kit/Subject"
import type { Reason } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { endOf, watch } from "./support/watched.ts"

type AnyWrite = Parameters<Port.Any["upsert"]>[0][number]
/** Something that no type lets through, as it comes from a file or another language. */
const wrong = (write: unknown): AnyWrite => write as AnyWrite

const reasonOf = (outcome: Outcome.Outcome | undefined): Reason | undefined =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined

const pathsOf = (reason: Reason | undefined): ReadonlyArray<string> =>
  reason?._tag === "Invalid" ? reason.issues.map(({ path }) => path.join(".")) : []

const subjects = [
  ["HubSpot", HubSpot.subject],
  ["Acumatica", Acumatica.subject],
] as const

const VALUE = "a value that nobody shall read in a message"

/** One bad record between two good ones; the outcome of the bad one, when all was as it should be. */
const among = async (bench: Benches.Bench, bad: (bench: Benches.Bench) => AnyWrite): Promise<Reason | undefined> => {
  const { party, twin } = bench
  const seen = await watch(
    bench,
    Effect.gen(function* () {
      const port = party.port(yield* bench.connect())
      return yield* port.upsert([party.write(1), bad(bench), party.write(2)])
    }),
  )
  const [first, middle, last] = endOf(seen)
  expect([first, last].map((outcome) => outcome !== undefined && Outcome.isSettled(outcome))).toEqual([true, true])
  expect(middle?._tag).toBe("Rejected")
  expect(party.records().map(({ key }) => key)).toEqual([party.write(1).key, party.write(2).key])
  expect(twin.journal.where(({ requestBody }) => requestBody.includes(VALUE))).toEqual([])
  expect(reasonOf(middle)?.message).not.toContain(VALUE)
  expect(seen.leaks).toEqual([])
  return reasonOf(middle)
}

const BAD: ReadonlyArray<readonly [what: string, bad: (bench: Benches.Bench) => AnyWrite, path: string, says: RegExp]> =
  [
    ["an empty key", ({ party }) => ({ ...party.write(9), key: "" }), "key", /an empty string/],
    ["a key of 10 kB", ({ party }) => ({ ...party.write(9), key: "k".repeat(10_240) }), "key", /10240 characters/],
    [
      "a key that the carrier cannot hold",
      ({ party }) => ({ ...party.write(9), key: "K".repeat(300) }),
      "key",
      /does not fit \w+, which holds \d+ characters/,
    ],
    ["neither key nor id", ({ party }) => wrong({ fields: party.write(9).fields }), "key", /neither key nor id/],
    ["an empty id", ({ party }) => ({ id: "", fields: party.write(9).fields }), "id", /an empty string/],
    ["a key that is a number", ({ party }) => wrong({ ...party.write(9), key: 17 }), "key", /a number/],
    ["a number for a name", ({ party }) => wrong({ ...party.write(9, { name: 17 }) }), "fields.name", /found a number/],
    ["a field that nobody has", ({ party }) => party.write(9, { name: "A", shoeSize: VALUE }), "fields.shoeSize", /./],
    ["no fields at all", ({ party }) => wrong({ key: party.write(9).key }), "fields", /./],
    [
      "a country that is none",
      (bench) => bench.party.write(9, { name: "A", [address(bench)]: { country: VALUE } }),
      "country",
      /found a string/,
    ],
  ]

const address = ({ party }: Benches.Bench): string => (party.entity === "Company" ? "address" : "billingAddress")

describe.each(subjects)("%s is not asked to write", (_, subject) => {
  it.each(BAD)("%s, and the records beside it are written", async (_, bad, path, says) => {
    const reason = await among(Benches.make(subject), bad)
    expect(reason?._tag).toBe("Invalid")
    expect(pathsOf(reason).join(" ")).toContain(path)
    expect(reason?.message).toMatch(says)
  })

  it("an own field that nobody agreed on", async () => {
    const reason = await among(Benches.make(subject), ({ party }) =>
      party.write(9, { name: "A", custom: { secretSauce: VALUE } }),
    )
    expect(reason?._tag).toBe("Invalid")
    expect(pathsOf(reason)).toEqual(["custom.secretSauce"])
  })

  it("a revision to compare with where the vendor has none", async () => {
    const reason = await among(Benches.make(subject), ({ party }) => ({ ...party.write(9), ifRevision: VALUE }))
    expect(reason).toMatchObject({ _tag: "Unsupported", feature: "revisions" })
  })
})

/** The entity with amounts and dates, and what it takes for a record of it to be whole. */
interface Books {
  readonly entity: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly amount: (text: unknown) => Readonly<Record<string, unknown>>
  readonly amountPath: string
  readonly read: (record: never) => Decimal.Decimal | undefined
  readonly options: Readonly<Record<string, unknown>>
}

const BOOKS: Readonly<Record<string, Books>> = {
  HubSpot: {
    entity: "Invoice",
    fields: { kind: "invoice", number: "INV-1", date: "2026-10-01", currency: "USD" },
    amount: (amount) => ({ balance: amount }),
    amountPath: "fields.balance",
    read: ({ balance }: { readonly balance?: Decimal.Decimal }) => balance,
    options: {},
  },
  Acumatica: {
    entity: "Payment",
    fields: { kind: "payment", account: { id: "BUYER" }, date: "2026-10-01" },
    amount: (amount) => ({ amount: { amount, currency: "USD" } }),
    amountPath: "fields.amount.amount",
    read: ({ amount }: { readonly amount?: { readonly amount: Decimal.Decimal } }) => amount?.amount,
    options: {},
  },
}

const EXACT = [
  "123456789012345678901234567890.12",
  "0.00000000000000000000000000001",
  "999999999999999999999999999999",
  "0.1",
  "9007199254740993",
]

describe.each(subjects)("amounts and days that %s is given", (name, subject) => {
  const books = BOOKS[name] as Books
  const key = `erp/1|${books.entity}|1`
  const write = (more: Readonly<Record<string, unknown>>): AnyWrite =>
    wrong({ key, fields: { ...books.fields, ...more } })
  const booksOf = (connected: Connected) => portOf(connected, books.entity)
  const open = async () => {
    const bench = Benches.make(subject)
    await bench.run(bench.documents?.enter ?? Effect.void)
    return bench
  }

  it.each(EXACT)("come back digit for digit: %s", async (digits) => {
    const bench = await open()
    const read = await bench.run(
      Effect.gen(function* () {
        const port = booksOf(yield* bench.connect())
        const [outcome] = yield* port.upsert([write(books.amount(Decimal.make(digits)))])
        expect(outcome).toMatchObject({ _tag: "Created" })
        const found = yield* port.find([key])
        return found.get(key)
      }),
    )
    const amount = books.read(read?.record as never)
    expect(amount === undefined ? "nothing" : Decimal.format(amount)).toBe(Decimal.format(Decimal.make(digits)))
  })

  it("are refused by name where the vendor has no place for them, and nothing is made", async () => {
    const bench = await open()
    const [outcome, found] = await bench.run(
      Effect.gen(function* () {
        const port = booksOf(yield* bench.connect())
        const outcomes = yield* port.upsert([write(books.amount(Decimal.make("-12.50")))])
        return [outcomes[0], (yield* port.find([key])).get(key)] as const
      }),
    )
    if (outcome?._tag === "Created") {
      const amount = books.read(found?.record as never)
      expect(amount === undefined ? "nothing" : Decimal.format(amount)).toBe("-12.5")
    } else {
      expect(reasonOf(outcome)?._tag).toBe("Invalid")
      expect(reasonOf(outcome)?.message).toMatch(/./)
      expect(found).toBeUndefined()
    }
  })

  it.each([
    ["NaN", Number.NaN, /NaN/],
    ["a JavaScript number", 12.5, /a number/],
    ["infinity", Number.POSITIVE_INFINITY, /Infinity/],
    ["text", "12.50", /a string of 5 characters/],
  ] as const)("are refused before any request when they are %s", async (_, amount, says) => {
    const bench = await open()
    const [outcome, requests] = await bench.run(
      Effect.gen(function* () {
        const port = booksOf(yield* bench.connect())
        const before = bench.twin.journal.count()
        const outcomes = yield* port.upsert([write(books.amount(amount))])
        return [outcomes[0], bench.twin.journal.count() - before] as const
      }),
    )
    expect(pathsOf(reasonOf(outcome))).toEqual([books.amountPath])
    expect(reasonOf(outcome)?.message).toMatch(says)
    expect(requests).toBe(0)
  })

  it.each(["2026-02-30", "20.11.2026", "2026-11-20T00:00:00Z", "", "tomorrow"])(
    "are refused before any request when the day is %j",
    async (date) => {
      const bench = await open()
      const [outcome, requests] = await bench.run(
        Effect.gen(function* () {
          const port = booksOf(yield* bench.connect())
          const before = bench.twin.journal.count()
          const outcomes = yield* port.upsert([write({ date })])
          return [outcomes[0], bench.twin.journal.count() - before] as const
        }),
      )
      expect(pathsOf(reasonOf(outcome))).toEqual(["fields.date"])
      expect(reasonOf(outcome)?.message).toMatch(/YYYY-MM-DD, found/)
      expect(requests).toBe(0)
    },
  )
})
