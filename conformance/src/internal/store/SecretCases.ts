/** Promises of tokens and sealed values: nothing secret stands in the database in plain, and no generation is lost. */
import assert from "node:assert/strict"
import type { Options, TokenSet } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { failsWith, once, openStore, put, type StoreCase } from "./Bench.ts"

const keyed = (key: string): Options => ({ sealKey: Redacted.make(key) })
const KEY = keyed("a key of the suite with enough characters")
const OTHER = "another key with just as many characters"

const ACCESS = "access-Zq3vY8-plain-secret"
const REFRESH = "refresh-Xw7kP2-plain-secret"
const BEFORE = "before-Lm5tR9-plain-secret"

const tokens = (generation: number, access = ACCESS): TokenSet => ({
  accessToken: Redacted.make(access),
  refreshToken: Redacted.make(REFRESH),
  expiresAt: 1_800_000_000_000,
  generation,
})

const plain = (set: Option.Option<TokenSet>) =>
  Option.match(set, {
    onNone: () => undefined,
    onSome: (found) => ({
      access: Redacted.value(found.accessToken),
      refresh: found.refreshToken === undefined ? undefined : Redacted.value(found.refreshToken),
      expiresAt: found.expiresAt,
      generation: found.generation,
    }),
  })

/** A secret in plain, in base64 of any alignment, in hexadecimal, or in two bytes a letter. */
const forms = (secret: string): ReadonlyArray<Buffer> => [
  Buffer.from(secret),
  Buffer.from(secret, "utf16le"),
  Buffer.from(secret, "utf16le").swap16(),
  Buffer.from(Buffer.from(secret).toString("hex")),
  ...[0, 1, 2].map((skip) => Buffer.from(Buffer.from(secret).subarray(skip, -3).toString("base64").slice(0, -4))),
]

export const secretCases: ReadonlyArray<StoreCase> = [
  {
    name: "gives tokens back to the next program",
    run: Effect.fnUntraced(function* (bench) {
      yield* once(bench, (store) => store.putToken("hubspot", tokens(1)), KEY)
      yield* once(bench, (store) => store.putToken("hubspot", tokens(2)), KEY)
      const found = yield* once(bench, (store) => store.token("hubspot"), KEY)
      assert.deepEqual(plain(found), { access: ACCESS, refresh: REFRESH, expiresAt: 1_800_000_000_000, generation: 2 })
      assert.ok(Option.isNone(yield* once(bench, (store) => store.token("other"), KEY)))
    }),
  },
  {
    name: "replaces a token set only by its next generation",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench, KEY)
      yield* failsWith("Conflict", store.putToken("t", tokens(2)))
      yield* store.putToken("t", tokens(1))
      yield* failsWith("Conflict", store.putToken("t", tokens(1)))
      yield* failsWith("Conflict", store.putToken("t", tokens(3)))
      yield* store.putToken("t", tokens(2, "second"))
      assert.equal(plain(yield* store.token("t"))?.access, "second")
    }),
  },
  {
    name: "lets one of many who replace the same generation at once succeed",
    run: Effect.fnUntraced(function* (bench) {
      const stores = [yield* openStore(bench, KEY), yield* openStore(bench, KEY)] as const
      const writes = Array.from({ length: 20 }, (_, index) =>
        Effect.exit(stores[index % 2 === 0 ? 0 : 1].putToken("t", tokens(1, `writer ${index}`))),
      )
      const exits = yield* Effect.all(writes, { concurrency: "unbounded" })
      const won = exits.findIndex(Exit.isSuccess)
      assert.equal(exits.filter(Exit.isSuccess).length, 1)
      assert.equal(plain(yield* stores[0].token("t"))?.access, `writer ${won}`)
    }),
  },
  {
    name: "holds no plain secret in any of its bytes",
    run: Effect.fnUntraced(function* (bench) {
      const about = "journal of account 1"
      const sealed = yield* once(
        bench,
        Effect.fnUntraced(function* (store) {
          yield* store.putToken("hubspot", tokens(1))
          const text = yield* store.seal(about, Redacted.make(BEFORE))
          yield* store.putSetting("marker", "plain text that stands there")
          yield* store.commit({
            journal: [
              {
                relay: "r",
                at: 1,
                source: { scope: "s", entity: "e", id: "1" },
                decision: "updated",
                sealedBefore: text,
              },
            ],
          })
          return text
        }),
        KEY,
      )
      const bytes = Buffer.from(yield* bench.bytes)
      assert.ok(bytes.includes("plain text that stands there"), "bytes has to give all that the database keeps")
      for (const secret of [ACCESS, REFRESH, BEFORE]) {
        for (const form of forms(secret)) assert.ok(!bytes.includes(form), "a secret stands in the database")
      }
      const opened = yield* once(bench, (store) => store.unseal(about, sealed), KEY)
      assert.equal(Redacted.value(opened), BEFORE)
    }),
  },
  {
    name: "refuses to keep a secret without a key, and a key that is too short",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* failsWith("Unsupported", store.putToken("t", tokens(1)))
      yield* failsWith("Unsupported", store.seal("x", Redacted.make(BEFORE)))
      assert.ok(Option.isNone(yield* store.token("t")))
      const error = yield* failsWith("Invalid", Effect.scoped(openStore(bench, keyed("shortkey-9"))))
      assert.ok(!error.message.includes("shortkey-9"))
      yield* once(bench, (sealing) => sealing.putToken("t", tokens(1)), KEY)
      yield* failsWith("Unsupported", store.token("t"))
    }),
  },
  {
    name: "opens with a former key, and not with another one",
    run: Effect.fnUntraced(function* (bench) {
      yield* once(bench, (store) => store.putToken("t", tokens(1)), KEY)
      yield* failsWith(
        "Decode",
        once(bench, (store) => store.token("t"), keyed(OTHER)),
      )
      const rotated: Options = { ...keyed(OTHER), formerSealKeys: KEY.sealKey === undefined ? [] : [KEY.sealKey] }
      assert.equal(plain(yield* once(bench, (store) => store.token("t"), rotated))?.access, ACCESS)
      yield* once(bench, (store) => store.putToken("t", tokens(2)), rotated)
      assert.equal(plain(yield* once(bench, (store) => store.token("t"), keyed(OTHER)))?.generation, 2)
    }),
  },
  {
    name: "does not open a sealed text that was changed or moved to another name",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench, KEY)
      yield* store.putToken("a", tokens(1))
      const backend = yield* bench.open
      const text = (yield* backend.get("token", ["a"])).get("a") ?? ""
      yield* backend.transact([
        put("b", text, "token"),
        put("c", text.replace("1800000000000", "1900000000000"), "token"),
        put("d", text.replace(/"sealed":"(.*)..."/, '"sealed":"$1AAA"'), "token"),
        put("e", "{ not json", "token"),
      ])
      for (const name of ["b", "c", "d", "e"]) {
        const error = yield* failsWith("Decode", store.token(name))
        assert.ok(!error.message.includes(ACCESS))
      }
      yield* failsWith("Decode", store.unseal("a", "not sealed at all"))
    }),
  },
]
