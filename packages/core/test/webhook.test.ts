import { createHash, createHmac } from "node:crypto"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Webhook from "@mortise/core/Webhook"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"

const NOW = Date.UTC(2026, 0, 14, 9, 0, 0)
const SECRET = "s3cr3t-of-the-app"
const secrets = [Redacted.make(SECRET)]

const inTime = async <A, E>(effect: Effect.Effect<A, E>, at = NOW): Promise<A> => {
  const exit = await VirtualClock.make({ start: at }).run(effect)
  if (exit instanceof VirtualClock.Stuck) throw exit
  if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
  return exit.value
}

const scheme: Webhook.Scheme = {
  algorithm: "hmac-sha256",
  encoding: "base64",
  header: "X-Signature",
  timestamp: { header: "X-Time", unit: "milliseconds", window: "5 minutes" },
  message: (push, timestamp) => [push.method, push.url, push.body, timestamp],
}

const bytes = (text: string) => new TextEncoder().encode(text)

interface Parts {
  readonly method?: string
  readonly url?: string
  readonly body?: string | Uint8Array
  readonly time?: string
  readonly signature?: string
  readonly secret?: string
}

const URL_CALLED = "https://hooks.example.com/in?portal=1"

const push = (parts: Parts = {}): Webhook.Push => {
  const method = parts.method ?? "POST"
  const body = typeof parts.body === "string" ? bytes(parts.body) : (parts.body ?? bytes("[]"))
  const time = parts.time ?? String(NOW)
  const signed = createHmac("sha256", parts.secret ?? SECRET)
    .update(method)
    .update(URL_CALLED)
    .update(body)
    .update(time)
  const signature = parts.signature ?? signed.digest("base64")
  const headers = new Headers({ "x-signature": signature, "x-time": time })
  return { method, url: parts.url ?? URL_CALLED, headers, body }
}

const verdict = (given: Webhook.Push, with_ = secrets) => inTime(Webhook.verify(scheme, with_, given))

describe("a signature", () => {
  it("is genuine over the bytes as they came", async () => {
    assert.strictEqual(await verdict(push({ body: '[ {"id": 1.0} ]' })), "genuine")
    assert.strictEqual(await verdict(push({ body: new Uint8Array([0xff, 0xfe, 0x00]) })), "genuine")
  })

  it("is forged when body, method, address, time or secret differ", async () => {
    const good = push({ body: "[1]" })
    const forged: ReadonlyArray<Webhook.Push> = [
      { ...good, body: bytes("[2]") },
      { ...good, body: bytes("[1] ") },
      { ...good, method: "PUT" },
      { ...good, url: "https://hooks.example.com/in?portal=2" },
      push({ secret: "another" }),
      push({ secret: "" }),
    ]
    for (const each of forged) assert.strictEqual(await verdict(each), "forged")
    const moved = new Headers(good.headers)
    moved.set("x-time", String(NOW + 1))
    assert.strictEqual(await verdict({ ...good, headers: moved }), "forged")
  })

  it("is refused without a throw, whatever stands in the header", async () => {
    const long = "A".repeat(10_000)
    for (const signature of ["", "=", "%%%", "AAAA", long, "💥", "ffff"].filter((text) => !/[^\x20-\x7e]/.test(text)))
      assert.strictEqual(await verdict(push({ signature })), "forged")
    for (const time of ["", "NaN", "-1", "1e12", "9".repeat(400), "0x10"]) {
      const answer = await verdict(push({ time }))
      assert.include(["forged", "stale"], answer)
    }
  })

  it("is missing when a header is", async () => {
    for (const name of ["x-signature", "x-time"]) {
      const good = push()
      const headers = new Headers(good.headers)
      headers.delete(name)
      assert.strictEqual(await verdict({ ...good, headers }), "unsigned")
    }
  })

  it("holds its window on both sides, to the millisecond", async () => {
    const at = (offset: number) => verdict(push({ time: String(NOW + offset) }))
    assert.strictEqual(await at(-300_000), "genuine")
    assert.strictEqual(await at(-300_001), "stale")
    assert.strictEqual(await at(300_000), "genuine")
    assert.strictEqual(await at(300_001), "early")
  })

  it("is not called stale before it is known to be genuine", async () => {
    assert.strictEqual(await verdict(push({ time: "1000", secret: "another" })), "forged")
  })

  it("may be made with the former secret while it is changed, and with no empty one", async () => {
    const both = [Redacted.make("new"), Redacted.make(SECRET)]
    assert.strictEqual(await verdict(push(), both), "genuine")
    assert.strictEqual(await verdict(push({ secret: "new" }), both), "genuine")
    assert.strictEqual(await verdict(push({ secret: "" }), [Redacted.make("")]), "forged")
    assert.strictEqual(await verdict(push(), []), "forged")
  })

  it("may be a SHA-1 in hex with a prefix, or a plain hash that starts with the secret", async () => {
    const body = bytes('{"a":1}')
    const base = { method: "POST", url: URL_CALLED, body }
    const sha1: Webhook.Scheme = {
      algorithm: "hmac-sha1",
      encoding: "hex",
      header: "X-Hub-Signature",
      prefix: "sha1=",
      message: (each) => [each.body],
    }
    const mac = createHmac("sha1", SECRET).update(body).digest("hex")
    const hub = (signature: string) => ({ ...base, headers: new Headers({ "x-hub-signature": signature }) })
    assert.strictEqual(await inTime(Webhook.verify(sha1, secrets, hub(`sha1=${mac}`))), "genuine")
    assert.strictEqual(await inTime(Webhook.verify(sha1, secrets, hub(`sha1=${mac.toUpperCase()}`))), "genuine")
    assert.strictEqual(await inTime(Webhook.verify(sha1, secrets, hub(mac))), "forged")
    const plain: Webhook.Scheme = {
      algorithm: "sha256",
      encoding: "hex",
      header: "X-V1",
      message: (each) => [each.body],
    }
    const hash = createHash("sha256").update(SECRET).update(body).digest("hex")
    const v1 = { ...base, headers: new Headers({ "x-v1": hash }) }
    assert.strictEqual(await inTime(Webhook.verify(plain, secrets, v1)), "genuine")
    assert.strictEqual(await inTime(Webhook.verify(plain, [Redacted.make("other")], v1)), "forged")
  })
})

describe("a secret that is empty", () => {
  const refusal = (given: ReadonlyArray<string>) => {
    const redacted = given.map((text) => Redacted.make(text))
    return inTime(Effect.flip(Webhook.requireSecrets("hubspot", "secrets", redacted)))
  }

  it("is refused before a receiver is made with it, alone or among others, and so is none at all", async () => {
    for (const given of [[""], ["  "], [SECRET, ""], []]) {
      const { reason, system } = await refusal(given)
      assert.deepStrictEqual([system, reason._tag], ["hubspot", "Invalid"])
      assert.deepStrictEqual(reason._tag === "Invalid" && reason.issues.map(({ path }) => path), [["secrets"]])
      assert.notInclude(reason.message, SECRET)
    }
    assert.isUndefined(await inTime(Webhook.requireSecrets("hubspot", "secrets", secrets)))
  })
})

const Message = Schema.Array(Schema.Struct({ eventId: Schema.String, objectId: Schema.String }))
type Item = (typeof Message.Type)[number]

const events = (message: typeof Message.Type): ReadonlyArray<Webhook.Event<Item>> =>
  message.map((item) => ({ id: item.eventId, hint: { entity: "Deal", ids: [item.objectId] }, data: item }))

const receiver = (repeats: Webhook.Repeats, woken: Array<ReadonlyArray<Webhook.Hint>>, maxBytes?: number) =>
  Webhook.signed({
    scheme,
    secrets,
    schema: Message,
    events,
    repeats,
    wake: (hints) => Effect.sync(() => void woken.push(hints)),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })

const receive = async (body: string | Uint8Array, maxBytes?: number) => {
  const woken: Array<ReadonlyArray<Webhook.Hint>> = []
  const answer = await inTime(
    Effect.flatMap(Webhook.memory(), (repeats) => receiver(repeats, woken, maxBytes)(push({ body }))),
  )
  return { answer, woken }
}

describe("a signed push", () => {
  it("gives its events and wakes the poll once", async () => {
    const body = JSON.stringify([
      { eventId: "e1", objectId: "7" },
      { eventId: "e2", objectId: "8" },
    ])
    const { answer, woken } = await receive(body)
    assert.deepStrictEqual(answer._tag === "Accepted" && answer.events.map((event) => event.data.objectId), ["7", "8"])
    assert.deepStrictEqual(woken, [
      [
        { entity: "Deal", ids: ["7"] },
        { entity: "Deal", ids: ["8"] },
      ],
    ])
  })

  it("is read only as far as the schema names its members", async () => {
    const body = JSON.stringify([
      { eventId: "e1", objectId: "7", propertyValue: "two\nlines\u0000", extra: { deep: [1] } },
    ])
    const { answer } = await receive(body)
    assert.deepStrictEqual(answer._tag === "Accepted" && answer.events.map((event) => event.data), [
      { eventId: "e1", objectId: "7" },
    ])
  })

  it("with control characters where we read is refused", async () => {
    for (const objectId of ["7\u0000", "7\n8", "\u001b[2J", "7\u007f", "7\u2028"]) {
      const { answer, woken } = await receive(JSON.stringify([{ eventId: "e1", objectId }]))
      assert.deepStrictEqual(answer, { _tag: "Refused", status: 400, why: "controlCharacters" })
      assert.deepStrictEqual(woken, [])
    }
  })

  it("gives what can be read of it, and counts what cannot", async () => {
    const some = (items: typeof Message.Type) =>
      events(items).map((event) => (event.data.objectId === "bad" ? undefined : event))
    const item = (eventId: string, objectId: string) => ({ eventId, objectId })
    const woken: Array<ReadonlyArray<Webhook.Hint>> = []
    const wake = (hints: ReadonlyArray<Webhook.Hint>) => Effect.sync(() => void woken.push(hints))
    const answers = await inTime(
      Effect.gen(function* () {
        const repeats = yield* Webhook.memory()
        const take = Webhook.signed({ scheme, secrets, schema: Message, events: some, repeats, wake })
        const mixed = yield* take(push({ body: JSON.stringify([item("e1", "bad"), item("e2", "8")]) }))
        return [mixed, yield* take(push({ body: JSON.stringify([item("e3", "bad")]) }))] as const
      }),
    )
    assert.deepStrictEqual(answers[0]._tag === "Accepted" && [answers[0].events.length, answers[0].skipped], [1, 1])
    assert.deepStrictEqual(answers[1], { _tag: "Refused", status: 400, why: "notTheSchema" })
    assert.deepStrictEqual(woken, [[{ entity: "Deal", ids: ["8"] }]])
  })

  it("that is too large, no text, no JSON or something else is refused, and nobody is woken", async () => {
    const cases: ReadonlyArray<readonly [string | Uint8Array, string, number]> = [
      [`[${" ".repeat(100)}]`, "tooLarge", 413],
      [new Uint8Array([0x22, 0xff, 0x22]), "notText", 400],
      ["<html>", "notJson", 400],
      ["", "notJson", 400],
      ['{"eventId":"e"}', "notTheSchema", 400],
      ['[{"eventId":7,"objectId":"7"}]', "notTheSchema", 400],
    ]
    for (const [body, why, status] of cases) {
      const { answer, woken } = await receive(body, 64)
      assert.deepStrictEqual(answer, { _tag: "Refused", status, why } as typeof answer)
      assert.deepStrictEqual(woken, [])
    }
  })

  it("that is not genuine is refused before anything is decoded or remembered", async () => {
    const woken: Array<ReadonlyArray<Webhook.Hint>> = []
    const body = JSON.stringify([{ eventId: "e1", objectId: "7" }])
    const answers = await inTime(
      Effect.gen(function* () {
        const receiveOne = receiver(yield* Webhook.memory(), woken)
        const forged = yield* receiveOne(push({ body, secret: "another" }))
        const stale = yield* receiveOne(push({ body, time: String(NOW - 300_001) }))
        const genuine = yield* receiveOne(push({ body }))
        return [forged, stale, genuine._tag] as const
      }),
    )
    assert.deepStrictEqual(answers[0], { _tag: "Refused", status: 401, why: "forged" })
    assert.deepStrictEqual(answers[1], { _tag: "Refused", status: 401, why: "stale" })
    assert.strictEqual(answers[2], "Accepted")
    assert.strictEqual(woken.length, 1)
  })

  it("puts no secret into what it answers", async () => {
    for (const each of [push(), push({ secret: "another" })]) {
      const answer = await inTime(Effect.flatMap(Webhook.memory(), (repeats) => receiver(repeats, [])(each)))
      assert.notInclude(JSON.stringify(answer), SECRET)
    }
  })
})

const twice = (make: Effect.Effect<Webhook.Repeats>) =>
  Effect.gen(function* () {
    const woken: Array<ReadonlyArray<Webhook.Hint>> = []
    const receiveOne = receiver(yield* make, woken)
    const item = (eventId: string) => ({ eventId, objectId: eventId })
    const first = yield* receiveOne(push({ body: JSON.stringify([item("a"), item("b"), item("a")]) }))
    const second = yield* receiveOne(push({ body: JSON.stringify([item("b"), item("c")]) }))
    const third = yield* receiveOne(push({ body: JSON.stringify([item("a"), item("c")]) }))
    const ids = [first, second, third].map((answer) =>
      answer._tag === "Accepted" ? [answer.events.map((event) => event.id).join(""), answer.repeated] : answer.why,
    )
    return { ids, wakes: woken.length }
  })

describe("a repeated event", () => {
  it("is dropped, in one push and across pushes, and wakes nobody", async () => {
    const expected = {
      ids: [
        ["ab", 1],
        ["c", 1],
        ["", 2],
      ],
      wakes: 2,
    }
    assert.deepStrictEqual(await inTime(twice(Webhook.memory())), expected)
    const store = await inTime(StateStore.make(MemoryBackend.make()))
    assert.deepStrictEqual(await inTime(twice(Webhook.stored(store, "deals"))), expected)
  })

  it("is known to the next process when the window is in the store", async () => {
    const store = await inTime(StateStore.make(MemoryBackend.make()))
    const one = (ids: ReadonlyArray<string>) =>
      inTime(Effect.flatMap(Webhook.stored(store, "deals"), (repeats) => repeats.fresh(ids)))
    assert.deepStrictEqual(await one(["a", "b"]), ["a", "b"])
    assert.deepStrictEqual(await one(["b", "c"]), ["c"])
  })

  it("is forgotten after its time, and the oldest first when there are too many", async () => {
    const fresh = await inTime(
      Effect.gen(function* () {
        const repeats = yield* Webhook.memory({ remember: "1 hour", size: 2 })
        const first = yield* repeats.fresh(["a", "b", "c"])
        const again = yield* repeats.fresh(["a", "c"])
        yield* Effect.sleep("1 hour")
        return [first, again, yield* repeats.fresh(["a", "c"])]
      }),
    )
    assert.deepStrictEqual(fresh, [["a", "b", "c"], ["a"], ["a", "c"]])
  })

  it("is new to a receiver whose window in the store cannot be read any more", async () => {
    const store = await inTime(StateStore.make(MemoryBackend.make()))
    await inTime(store.putSetting("webhook/deals", "{broken"))
    const fresh = Effect.flatMap(Webhook.stored(store, "deals"), (repeats) => repeats.fresh(["a"]))
    assert.deepStrictEqual(await inTime(fresh), ["a"])
  })
})

describe("an unsigned push", () => {
  const password = { header: "X-Password", value: Redacted.make("let-me-in") }
  const make = (woken: Array<ReadonlyArray<Webhook.Hint>>, guarded: boolean) =>
    Effect.map(Webhook.memory(), (repeats) =>
      Webhook.unsigned({
        schema: Message,
        events,
        repeats,
        wake: (hints) => Effect.sync(() => void woken.push(hints)),
        ...(guarded ? { password } : {}),
      }),
    )
  const body = bytes(JSON.stringify([{ eventId: "e1", objectId: "7" }]))
  const plain = (headers: Record<string, string>): Webhook.Push => ({
    method: "POST",
    url: URL_CALLED,
    headers: new Headers(headers),
    body,
  })

  it("wakes the poll and hands on no data", async () => {
    const woken: Array<ReadonlyArray<Webhook.Hint>> = []
    const answer = await inTime(Effect.flatMap(make(woken, false), (receiveOne) => receiveOne(plain({}))))
    assert.deepStrictEqual(answer, { _tag: "Accepted", status: 200, events: ["e1"], repeated: 0, skipped: 0 })
    assert.deepStrictEqual(woken, [[{ entity: "Deal", ids: ["7"] }]])
  })

  it("from a stranger is refused where a header was agreed on", async () => {
    const woken: Array<ReadonlyArray<Webhook.Hint>> = []
    const with_ = (headers: Record<string, string>) =>
      inTime(Effect.flatMap(make(woken, true), (receiveOne) => receiveOne(plain(headers))))
    assert.deepStrictEqual(await with_({}), { _tag: "Refused", status: 401, why: "unsigned" })
    assert.deepStrictEqual(await with_({ "x-password": "let-me-in " + "x" }), {
      _tag: "Refused",
      status: 401,
      why: "forged",
    })
    assert.strictEqual((await with_({ "x-password": "let-me-in" }))._tag, "Accepted")
    assert.strictEqual(woken.length, 1)
  })
})
