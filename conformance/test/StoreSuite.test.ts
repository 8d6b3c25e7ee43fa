/** Backends that are broken in one way each: the suite has to name what they break. */
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type { Entry, Op, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as StoreSuite from "../src/StoreSuite.ts"

type Break = (sound: MemoryBackend.MemoryBackend) => StoreBackend

const mapOps = (sound: StoreBackend, change: (op: Op) => Op): StoreBackend => ({
  ...sound,
  transact: (ops) => sound.transact(ops.map(change)),
})
const mapScan = (
  sound: StoreBackend,
  change: (entries: ReadonlyArray<Entry>) => ReadonlyArray<Entry>,
): StoreBackend => ({
  ...sound,
  scan: (space, options) => Effect.map(sound.scan(space, options), change),
})
const isCheck = (op: Op) => op._tag === "Check"

const MUTANTS: Readonly<Record<string, { readonly broken: Break; readonly caughtBy: string }>> = {
  "ignores checks": {
    broken: (sound) => ({ ...sound, transact: (ops) => sound.transact(ops.filter((op) => !isCheck(op))) }),
    caughtBy: "loses no count when two connections count up at once by check and set",
  },
  "writes before it checks": {
    broken: (sound) => ({
      ...sound,
      transact: (ops) =>
        Effect.andThen(sound.transact(ops.filter((op) => !isCheck(op))), sound.transact(ops.filter(isCheck))),
    }),
    caughtBy: "writes all of a transaction or nothing of it",
  },
  "checks against its own writes": {
    broken: (sound) => ({
      ...sound,
      transact: (ops) =>
        Effect.map(
          Effect.forEach(ops, (op) => sound.transact([op])),
          (held) => held.every(Boolean),
        ),
    }),
    caughtBy: "checks against what stood before the transaction, wherever the check stands in it",
  },
  "takes an empty value for none": {
    broken: (sound) => ({
      ...sound,
      get: (space, keys) =>
        Effect.map(sound.get(space, keys), (found) => new Map([...found].filter(([, value]) => value !== ""))),
    }),
    caughtBy: "gives back what was put, and nothing for keys that are not there",
  },
  "orders by code point": {
    broken: (sound) =>
      mapScan(sound, (entries) => [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))),
    caughtBy: "orders keys by code unit, astral, accented, empty and halved ones too, and loses none",
  },
  "replaces halves of surrogate pairs": {
    broken: (sound) => mapOps(sound, (op) => ({ ...op, key: op.key.toWellFormed() })),
    caughtBy: "orders keys by code unit, astral, accented, empty and halved ones too, and loses none",
  },
  "cuts keys at NUL": {
    broken: (sound) => mapOps(sound, (op) => ({ ...op, key: op.key.split("\u0000")[0] ?? "" })),
    caughtBy: "orders keys by code unit, astral, accented, empty and halved ones too, and loses none",
  },
  "repeats the key that a scan should go on after": {
    broken: (sound) => ({
      ...sound,
      scan: (space, options) =>
        Effect.gen(function* () {
          const after = options.after
          const repeated = after === undefined ? undefined : (yield* sound.get(space, [after])).get(after)
          const found = yield* sound.scan(space, options)
          const first = after === undefined || repeated === undefined ? [] : [{ key: after, value: repeated }]
          return [...first, ...found].slice(0, options.limit)
        }),
    }),
    caughtBy: "walks every key once in pages of any size",
  },
  "takes the prefix for a pattern": {
    broken: (sound) => ({
      ...sound,
      scan: (space, { prefix = "", ...options }) => {
        const pattern = new RegExp(
          `^${prefix
            .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
            .replaceAll("%", "[^]*")
            .replaceAll("_", "[^]")}`,
        )
        return Effect.map(sound.scan(space, options), (found) => found.filter((entry) => pattern.test(entry.key)))
      },
    }),
    caughtBy: "scans by prefix to the letter, with no sign for a wildcard",
  },
  "puts all spaces into one": {
    broken: (sound) => ({
      get: (_space, keys) => sound.get("", keys),
      scan: (_space, options) => sound.scan("", options),
      transact: (ops) => sound.transact(ops.map((op) => ({ ...op, space: "" }))),
    }),
    caughtBy: "keeps spaces apart",
  },
  "cuts values at 64 kB": {
    broken: (sound) => mapOps(sound, (op) => (op._tag === "Put" ? { ...op, value: op.value.slice(0, 65_536) } : op)),
    caughtBy: "holds values of a megabyte, of any text",
  },
  "shows a transaction in two halves": {
    broken: (sound) => ({
      ...sound,
      transact: (ops) =>
        ops.some(isCheck)
          ? sound.transact(ops)
          : Effect.gen(function* () {
              yield* sound.transact(ops.slice(0, ops.length / 2))
              yield* Effect.yieldNow
              return yield* sound.transact(ops.slice(ops.length / 2))
            }),
    }),
    caughtBy: "never shows half of another connection's transaction",
  },
}

const failures = async (broken: Break, cases: ReadonlyArray<StoreSuite.StoreCase>): Promise<ReadonlyArray<string>> => {
  const names: Array<string> = []
  for (const each of cases) {
    const bench = Effect.sync(() => {
      const sound = MemoryBackend.make()
      const bytes = Effect.sync(() => Buffer.from(JSON.stringify(sound.entries())))
      return { open: Effect.succeed(broken(sound)), bytes }
    })
    await StoreSuite.runCase(each, bench).catch(() => names.push(each.name))
  }
  return names
}

describe("the suite of the stores", () => {
  it("passes a sound backend whole", async () => {
    expect(await failures((sound) => sound, StoreSuite.cases)).toEqual([])
    expect(StoreSuite.cases).toHaveLength(49)
  })

  for (const [name, { broken, caughtBy }] of Object.entries(MUTANTS)) {
    it(`catches a backend that ${name}`, async () => {
      const named = StoreSuite.cases.filter((each) => each.name === caughtBy)
      expect(await failures(broken, named)).toEqual([caughtBy])
    })
  }

  it("catches a backend that forgets when it is closed", async () => {
    const forgetful = Effect.succeed({
      open: Effect.sync(() => MemoryBackend.make()),
      bytes: Effect.succeed(new Uint8Array()),
    })
    const caughtBy = [
      "has everything again after it was closed and opened",
      "stands where the last committed page ended, also for the next program",
    ]
    for (const each of StoreSuite.cases.filter(({ name }) => caughtBy.includes(name))) {
      await expect(StoreSuite.runCase(each, forgetful)).rejects.toThrow()
    }
  })

  it("catches a backend that keeps a copy in plain of what the facade hands it unsealed", async () => {
    const secret = StoreSuite.cases.find((each) => each.name === "holds no plain secret in any of its bytes")
    const backend = MemoryBackend.make()
    const leaky = {
      open: Effect.succeed(backend),
      bytes: Effect.sync(() => Buffer.from(`${JSON.stringify(backend.entries())} access-Zq3vY8-plain-secret`)),
    }
    await expect(StoreSuite.runCase(secret as StoreSuite.StoreCase, Effect.succeed(leaky))).rejects.toThrow(
      "a secret stands in the database",
    )
  })
})
