import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Seal from "@mortise/core/Seal"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"

const key = (text: string) => Redacted.make(text)
const KEY = key("0123456789abcdef0123456789abcdef")
const SECRET = "p4ssw0rd שלום 😀 \u0000"
const run = <A>(effect: Effect.Effect<A, ConnectorError>) => Effect.runPromise(effect)
const refused = (effect: Effect.Effect<unknown, ConnectorError>) => Effect.runPromise(Effect.flip(effect))
const sealer = (options: Partial<Seal.Options> = {}) => Seal.make({ key: KEY, ...options })

describe("sealing", () => {
  it("gives back what was sealed, of any text and length", async () => {
    for (const text of ["", SECRET, "x".repeat(1_000_000)]) {
      const opened = await run(
        Effect.gen(function* () {
          const { seal, open } = yield* sealer()
          return yield* open("about", yield* seal("about", Redacted.make(text)))
        }),
      )
      expect(Redacted.value(opened)).toBe(text)
    }
  })

  it("never seals the same secret to the same text", async () => {
    const { seal } = await run(sealer())
    const texts = await Promise.all(Array.from({ length: 200 }, () => run(seal("a", Redacted.make(SECRET)))))
    expect(new Set(texts).size).toBe(200)
    for (const text of texts) expect(text).toMatch(/^s1\.[\w-]{8}\.[\w-]+$/)
  })

  it("refuses every text in which a single sign was changed, cut or added", async () => {
    const { seal, open } = await run(sealer())
    const text = await run(seal("about", Redacted.make("short")))
    const changed = [...text].flatMap((sign, index) => [
      `${text.slice(0, index)}${sign === "A" ? "B" : "A"}${text.slice(index + 1)}`,
      text.slice(0, index),
    ])
    for (const each of [...changed, "", "..", `${text}AAAA`, `${text}.x`, "s1"]) {
      if (Buffer.from(each, "base64url").equals(Buffer.from(text, "base64url")) && each.length === text.length) continue
      const error = await refused(open("about", each))
      expect(error.reason._tag).toBe("Decode")
      expect(error.message).not.toContain("short")
    }
  })

  it("accepts no shortened proof of authenticity, which could be guessed", async () => {
    const { seal, open } = await run(sealer())
    const [version, id, body] = (await run(seal("about", Redacted.make("")))).split(".")
    const bytes = Buffer.from(body ?? "", "base64url")
    for (const length of [12, 16, 20, 24, 27]) {
      const cut = [version, id, bytes.subarray(0, length).toString("base64url")].join(".")
      expect((await refused(open("about", cut))).reason._tag).toBe("Decode")
    }
  })

  it("names its key without telling anything of it, and asks for the one that is missing", async () => {
    const one = await run(sealer())
    const other = await run(sealer({ key: key("ffffffffffffffffffffffffffffffff") }))
    expect(one.keyId).not.toBe(other.keyId)
    expect((await run(sealer())).keyId).toBe(one.keyId)
    const text = await run(one.seal("about", Redacted.make(SECRET)))
    const error = await refused(other.open("about", text))
    expect(error.message).toContain(one.keyId)
    expect(error.message).not.toContain("0123456789abcdef")
  })

  it("opens with former keys and seals with the present one", async () => {
    const before = await run(sealer())
    const text = await run(before.seal("about", Redacted.make(SECRET)))
    const now = await run(sealer({ key: key("a new key of at least thirty-two signs"), formerKeys: [KEY] }))
    expect(Redacted.value(await run(now.open("about", text)))).toBe(SECRET)
    expect((await run(now.seal("about", Redacted.make(SECRET)))).split(".")[1]).toBe(now.keyId)
  })

  it("refuses keys that are too short, former ones too, without showing them", async () => {
    for (const options of [{ key: key("hunter2") }, { formerKeys: [KEY, key("hunter2")] }, { key: key("") }]) {
      const error = await refused(sealer(options))
      expect(error.reason._tag).toBe("Invalid")
      expect(`${error.message} ${JSON.stringify(error.reason)}`).not.toContain("hunter2")
    }
  })
})
