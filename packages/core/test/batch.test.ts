import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as BatchUpsert from "@mortise/core/BatchUpsert"
import * as ConnectorError from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import { Company, Deal, Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"

type Ready<E extends Entity.Any> = BatchUpsert.Ready<E>
type Item = BatchUpsert.Item<typeof Company>
type Send<E extends Entity.Any> = BatchUpsert.Options<E>["send"]

const failure = (reason: ConnectorError.Reason) => new ConnectorError.ConnectorError({ system: "model", reason })
const invalid = failure(new ConnectorError.Invalid({ message: "bad", issues: [] }))

const applied = <E extends Entity.Any>(batch: ReadonlyArray<Ready<E>>): ReadonlyArray<BatchUpsert.Result> =>
  batch.map(({ item, trace }) => ({ trace, outcome: { _tag: "Created", id: `id of ${item.key}` } }))

const upsert = <E extends Entity.Any>(
  entity: E,
  records: ReadonlyArray<Port.Write<E>>,
  more: Partial<BatchUpsert.Options<E>> = {},
) => {
  const sent: Array<ReadonlyArray<Ready<E>>> = []
  const send: Send<E> = (batch) =>
    Effect.as(
      Effect.sync(() => sent.push(batch)),
      applied(batch),
    )
  const wrapped =
    more.send === undefined
      ? send
      : (batch: ReadonlyArray<Ready<E>>) => {
          sent.push(batch)
          return (more.send as Send<E>)(batch)
        }
  const options = {
    system: "model",
    operation: "upsert",
    entity,
    records,
    limits: { records: 10 },
    ...more,
    send: wrapped,
  }
  return { sent, outcomes: BatchUpsert.run<E>(options) }
}

const companies = (count: number): ReadonlyArray<Port.Write<typeof Company>> =>
  Array.from({ length: count }, (_, n) => ({ key: `k${n}`, fields: { name: `Company ${n}` } }))

const reasonOf = (outcome: Outcome.Outcome | undefined): ConnectorError.Reason | undefined =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined

describe("writing many records", () => {
  it("sends nothing for an empty list", async () => {
    const { outcomes, sent } = upsert(Company, [])
    expect(await Effect.runPromise(outcomes)).toEqual([])
    expect(sent).toEqual([])
  })

  it("lets nobody come before the one that has the same natural key and could not be written", async () => {
    const records = ["a", "b"].map((name) => ({
      key: name,
      fields: { name, domain: "x.example" },
      adoptBy: ["domain" as const],
    }))
    const lost = failure(new ConnectorError.Transport({ message: "lost", sent: true }))
    const { outcomes, sent } = upsert(Company, records, { send: () => Effect.fail(lost) })
    expect((await Effect.runPromise(outcomes)).map(({ _tag }) => _tag)).toEqual(["Unknown", "NotAttempted"])
    expect(sent.length).toBe(1)
  })

  it("takes a vendor that cannot serve for one that may have written, unless it is known to have done nothing", async () => {
    const unavailable = (more: { readonly applied?: false }) =>
      failure(new ConnectorError.Unavailable({ message: "503", ...more }))
    const outcomesOf = (error: ConnectorError.ConnectorError) =>
      Effect.runPromise(
        upsert(Company, companies(2), { limits: { records: 1 }, send: () => Effect.fail(error) }).outcomes,
      )
    expect((await outcomesOf(unavailable({}))).map(({ _tag }) => _tag)).toEqual(["Unknown", "Unknown"])
    const door = await outcomesOf(unavailable({ applied: false }))
    expect(door.map(({ _tag }) => _tag)).toEqual(["NotAttempted", "NotAttempted"])
  })

  it("looks for a record by a natural key when what has the same one in this call was written", async () => {
    const told: Array<string> = []
    const note = (word: string, of: ReadonlyArray<{ readonly item?: Item; readonly key?: string }>) =>
      void told.push(`${word} ${of.map(({ item, key }) => item?.key ?? key).join(" ")}`)
    const write = (key: string, domain: string, adoptBy: ReadonlyArray<"domain"> = ["domain"]) =>
      ({ key, fields: { name: key, domain }, adoptBy }) as Port.Write<typeof Company>
    const records = [
      write("a", "one.example"),
      write("b", "ONE.example "),
      write("c", "two.example"),
      write("d", "x", []),
    ]
    const { outcomes } = upsert(Company, [...records, write("e", "x"), write("f", "one.example")], {
      prepare: (items) =>
        Effect.sync(() => {
          note("look", items)
          return items.map(({ trace }) => ({ trace, ready: undefined }))
        }),
      send: (batch) =>
        Effect.sync(() => {
          note("write", batch)
          return applied(batch)
        }),
    })
    expect((await Effect.runPromise(outcomes)).map(({ _tag }) => _tag)).toEqual(
      Array.from({ length: 6 }, () => "Created"),
    )
    expect(told).toEqual(["look a c d", "write a c d", "look b e", "write b e", "look f", "write f"])
  })

  it("takes silence about a record for unknown, never for success", async () => {
    const { outcomes } = upsert(Company, companies(3), { send: (batch) => Effect.succeed(applied(batch).slice(0, 2)) })
    const tags = (await Effect.runPromise(outcomes)).map(({ _tag }) => _tag)
    expect(tags).toEqual(["Created", "Created", "Unknown"])
  })

  it("takes the first word on a record, and none on records that were not sent", async () => {
    const { outcomes } = upsert(Company, companies(1), {
      send: (batch) =>
        Effect.succeed([
          { trace: "w9", outcome: { _tag: "Updated", id: "other" } },
          ...applied(batch),
          { trace: batch[0]?.trace ?? "", outcome: { _tag: "Rejected", error: invalid } },
        ]),
    })
    expect(await Effect.runPromise(outcomes)).toEqual([{ _tag: "Created", id: "id of k0" }])
  })

  it("finds one poisoned record among a thousand in at most 21 calls and writes all others", async () => {
    for (const at of [0, 1, 499, 500, 998, 999]) {
      const { outcomes, sent } = upsert(Company, companies(1000), {
        limits: { records: 1000 },
        send: (batch) =>
          batch.some(({ item }) => item.key === `k${at}`) ? Effect.fail(invalid) : Effect.succeed(applied(batch)),
      })
      const found = await Effect.runPromise(outcomes)
      expect(found.flatMap(({ _tag }, index) => (_tag === "Created" ? [] : [index]))).toEqual([at])
      expect(sent.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1000)) + 1)
    }
  })

  it("finds a record that makes the look before the write fail, too", async () => {
    const { outcomes, sent } = upsert(Company, companies(8), {
      prepare: (items) =>
        items.some(({ key }) => key === "k5")
          ? Effect.fail(invalid)
          : Effect.succeed(items.map(({ trace }) => ({ trace, ready: undefined }))),
    })
    expect((await Effect.runPromise(outcomes)).map(({ _tag }) => _tag)).toEqual(
      Array.from({ length: 8 }, (_, n) => (n === 5 ? "Rejected" : "Created")),
    )
    expect(sent.flat().map(({ item }) => item.key)).not.toContain("k5")
  })

  it("cuts by records and by bytes, never mixes lanes, and refuses what is larger than a request", async () => {
    const sizes = [40, 40, 40, 90, 10, 200, 10]
    const { outcomes, sent } = upsert(Company, companies(7), {
      limits: { records: 3, bytes: 100, prepare: 100 },
      sizeOf: ({ item }) => sizes[item.inputs[0] as number] ?? 0,
      lane: ({ item }) => (item.key === "k4" ? "own" : "rest"),
    })
    const found = await Effect.runPromise(outcomes)
    expect(sent.map((batch) => batch.map(({ item }) => item.key))).toEqual([["k0", "k1"], ["k2"], ["k3", "k6"], ["k4"]])
    expect(reasonOf(found[5])?.message).toContain("larger than a request may be")
  })

  it("stops at a closed door and says of the rest that it was not attempted", async () => {
    const throttled = failure(new ConnectorError.Throttled({ message: "slow down", retryAfter: Duration.seconds(3) }))
    const { outcomes, sent } = upsert(Company, companies(50), {
      send: (batch) => (batch[0]?.item.key === "k10" ? Effect.fail(throttled) : Effect.succeed(applied(batch))),
    })
    const found = await Effect.runPromise(outcomes)
    expect(found.map(({ _tag }) => _tag).lastIndexOf("Created")).toBe(9)
    expect(found.slice(10).every((outcome) => outcome._tag === "NotAttempted" && outcome.error === throttled)).toBe(
      true,
    )
    expect(sent).toHaveLength(2)
  })
})

describe("doubles of a record", () => {
  const ten = Decimal.make("10")
  const line = (key: string) => ({ key, description: `line ${key}` })

  it("become one write of an address, member by member, and what was cleared before stays cleared", async () => {
    const addresses = [{ city: "Malmö" }, { country: "SE" }, { city: null }]
    const write = (address: object | null) => ({ key: "k", fields: { address } }) as never
    const of = async (...all: ReadonlyArray<object | null>) => {
      const { outcomes, sent } = upsert(Company, all.map(write))
      await Effect.runPromise(outcomes)
      return sent[0]?.[0]?.item.fields.address
    }
    expect(await of(...addresses)).toEqual({ city: null, country: "SE" })
    expect(await of({ city: "Malmö" }, null)).toBeNull()
    expect(await of(null, { city: "Malmö" })).toEqual({
      lines: null,
      city: "Malmö",
      region: null,
      postalCode: null,
      country: null,
    })
  })

  it("become one write, field by field, later over earlier", async () => {
    const { outcomes, sent } = upsert(Deal, [
      {
        key: "d",
        fields: { name: "First", amount: ten, lines: [line("a"), line("b")], custom: { x: 1, y: 1 } },
      },
      { key: "d", id: "7", fields: { name: null, lines: [line("c")], custom: { y: 2 } } },
      { id: "7", fields: { pipeline: "sales" } },
    ])
    const found = await Effect.runPromise(outcomes)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.map(({ item }) => item)).toEqual([
      {
        key: "d",
        id: "7",
        trace: "w0",
        inputs: [0, 1, 2],
        fields: {
          name: null,
          amount: ten,
          lines: [line("c")],
          custom: { x: 1, y: 2 },
          pipeline: "sales",
        },
      },
    ])
    expect(found).toHaveLength(3)
    expect(new Set(found).size).toBe(1)
  })

  it("are a conflict when they expect different revisions", async () => {
    const { outcomes, sent } = upsert(Company, [
      { id: "1", ifRevision: "a", fields: { name: "A" } },
      { id: "1", ifRevision: "b", fields: { phone: "1" } },
      { id: "2", ifRevision: "a", fields: { name: "B" } },
    ])
    const tags = (await Effect.runPromise(outcomes)).map((outcome) => reasonOf(outcome)?._tag ?? outcome._tag)
    expect(tags).toEqual(["Conflict", "Conflict", "Created"])
    expect(sent.flat()).toHaveLength(1)
  })

  it("stay apart when one key came with two ids", async () => {
    const { outcomes, sent } = upsert(Company, [
      { key: "k", id: "1", fields: { name: "A" } },
      { key: "k", id: "2", fields: { name: "B" } },
    ])
    await Effect.runPromise(outcomes)
    expect(sent.flat().map(({ item }) => item.id)).toEqual(["1", "2"])
  })
})

describe("a record that cannot be sent", () => {
  const refused = async <E extends Entity.Any>(
    entity: E,
    record: object,
    more: Partial<BatchUpsert.Options<E>> = {},
  ) => {
    const { outcomes, sent } = upsert(entity, [record as Port.Write<E>], more)
    const [outcome] = await Effect.runPromise(outcomes)
    expect(sent).toEqual([])
    expect(outcome?._tag).toBe("Rejected")
    return reasonOf(outcome)
  }

  it.each([
    [{ key: "", fields: {} }, ["key"], "an empty string"],
    [{ fields: {} }, ["key"], "neither key nor id"],
    [{ key: "x".repeat(10_240), fields: {} }, ["key"], "a string of 10240 characters"],
    [{ id: 7, fields: {} }, ["id"], "a number"],
    [{ key: "k", fields: { amount: Number.NaN } }, ["fields", "amount"], "found NaN"],
    [
      { key: "k", fields: { amount: { amount: 12.5, currency: "EUR" } } },
      ["fields", "amount", "amount"],
      "found a number",
    ],
    [
      { key: "k", fields: { amount: { amount: Decimal.make("1"), currency: "eur" } } },
      ["fields", "amount", "currency"],
      "a string of 3",
    ],
    [
      { key: "k", fields: { date: "2026-02-30" } },
      ["fields", "date"],
      "a calendar day as YYYY-MM-DD, found a string of 10",
    ],
    [{ key: "k", fields: { date: "20.11.2026" } }, ["fields", "date"], "found a string of 10 characters"],
    [{ key: "k", fields: { colour: "red" } }, ["fields", "colour"], "found a string of 3"],
  ])("is refused with the field, the shape of its value and the mend: case %#", async (record, path, says) => {
    const reason = await refused(Payment, record)
    expect(reason?._tag).toBe("Invalid")
    expect(reason?._tag === "Invalid" && reason.issues[0]?.path).toEqual(path)
    expect(reason?.message).toContain(says)
  })

  it.each([
    [["name"], ["adoptBy", "0"], "name does not tell which Company is meant; name domain"],
    [["domain", "city"], ["adoptBy", "1"], "a string of 4 characters does not tell which Company is meant"],
    ["domain", ["adoptBy"], "is a string of 6 characters and no list; name domain"],
  ])("is not adopted by what is no natural key: a second one would be made, case %#", async (adoptBy, path, says) => {
    const reason = await refused(Company, { key: "k", fields: { name: "Rossi" }, adoptBy })
    expect(reason?._tag === "Invalid" && reason.issues[0]?.path).toEqual(path)
    expect(reason?.message).toContain(says)
  })

  it("is not adopted by a natural key that the port cannot look by", async () => {
    const features = { writable: ["name", "domain"], notClearable: [], revisions: false, adoptable: [] } as const
    const record = { key: "k", fields: { domain: "rossi.example" }, adoptBy: ["domain"] }
    const reason = await refused(Company, record, { features })
    expect(reason?.message).toContain("leave adoptBy out and link the record by its id")
  })

  it("never shows the value", async () => {
    const reason = await refused(Payment, { key: "k", fields: { number: { secret: "s3cret" }, date: "s3cret" } })
    expect(JSON.stringify(reason)).not.toContain("s3cret")
    expect(reason?._tag === "Invalid" && reason.issues).toHaveLength(2)
  })

  it("is refused when the key does not fit its carrier once it is encoded", async () => {
    const identity = {
      carrier: "uniqueProperty",
      field: "externalKey",
      alphabet: /[a-z0-9]/,
      caseFolding: "lower",
      maxLength: 20,
      changedBody: "updates",
    } as const
    const features = { identity, writable: ["name"] as const, notClearable: [], revisions: false }
    const reason = await refused(Company, { key: "erp|Account|ÄÖÜ", fields: { name: "A" } }, { features })
    expect(reason?.message).toContain("does not fit externalKey, which holds 20 characters")
  })

  it("is unsupported when the port cannot write or clear the field, has no revisions, or cannot but create", async () => {
    const features = { writable: ["name", "phone"] as const, notClearable: ["phone"] as const, revisions: false }
    const of = (write: object) => refused(Company, write, { features })
    expect(await of({ key: "k", fields: { domain: "a.example" } })).toMatchObject({
      _tag: "Unsupported",
      feature: "write.domain",
    })
    expect(await of({ key: "k", fields: { phone: null } })).toMatchObject({
      _tag: "Unsupported",
      feature: "clear.phone",
    })
    expect(await of({ key: "k", ifRevision: "1", fields: { name: "A" } })).toMatchObject({ feature: "revisions" })
    expect(await of({ key: "k", create: false, fields: { name: "A" } })).toMatchObject({ feature: "existingOnly" })
  })

  it("does not keep thirty digits from being sent", async () => {
    const amount = { amount: Decimal.make("123456789012345678901234567.891"), currency: "EUR" }
    const { outcomes, sent } = upsert(Payment, [{ key: "k", fields: { amount } }])
    expect((await Effect.runPromise(outcomes))[0]?._tag).toBe("Created")
    expect(sent[0]?.[0]?.item.fields.amount).toBe(amount)
  })
})

describe("a deadline or an abort", () => {
  const slow: Send<typeof Company> = (batch) => Effect.delay(Effect.succeed(applied(batch)), "1 minute")
  const tags = ["Created", "Unknown", "NotAttempted"].flatMap((tag) => Array.from({ length: 10 }, () => tag))

  it("returns what is known at the deadline", async () => {
    const clock = VirtualClock.make({ start: 0 })
    const { outcomes, sent } = upsert(Company, companies(30), {
      send: slow,
      upsert: { deadline: Duration.seconds(90) },
    })
    const exit = await clock.run(outcomes)
    expect(exit).toMatchObject({ _tag: "Success" })
    expect(clock.now()).toBe(90_000)
    expect("value" in exit && exit.value.map(({ _tag }) => _tag)).toEqual(tags)
    expect(sent).toHaveLength(2)
  })

  it("returns what is known at the abort, and sends nothing after one", async () => {
    const clock = VirtualClock.make({ start: 0 })
    const abort = new AbortController()
    const { outcomes } = upsert(Company, companies(30), { send: slow, upsert: { signal: abort.signal } })
    const exit = await clock.run(
      Effect.gen(function* () {
        yield* Effect.forkChild(
          Effect.delay(
            Effect.sync(() => abort.abort()),
            "90 seconds",
          ),
        )
        return yield* outcomes
      }),
    )
    expect("value" in exit && exit.value.map(({ _tag }) => _tag)).toEqual(tags)
    const late = upsert(Company, companies(3), { upsert: { signal: abort.signal } })
    expect((await Effect.runPromise(late.outcomes)).map(({ _tag }) => _tag)).toEqual([
      "NotAttempted",
      "NotAttempted",
      "NotAttempted",
    ])
    expect(late.sent).toEqual([])
  })
})
