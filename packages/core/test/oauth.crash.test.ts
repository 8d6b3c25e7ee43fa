import * as Epoch from "@mortise/conformance/Epoch"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as OAuth from "@mortise/core/OAuth"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { assert, it } from "vitest"
import { START } from "./support/limited.ts"
import { SEAL } from "./support/processes.ts"
import { clientOf, initial, tokenServer } from "./support/tokens.ts"

/** A world that outlives its processes. */
const world = () => {
  const clock = VirtualClock.make({ start: START })
  const server = tokenServer(clock)
  const backend = MemoryBackend.make()
  const open = () => Epoch.open({ clock, fetch: server.fetch, backend })
  return { clock, server, open }
}

/** Uses a token, and once more when it has expired. */
const program = (epoch: Epoch.Epoch, server: ReturnType<typeof tokenServer>) =>
  Effect.gen(function* () {
    const store = yield* StateStore.make(epoch.backend, SEAL)
    const auth = yield* OAuth.refreshToken({
      ...clientOf(server),
      ...initial,
      fetch: epoch.fetch,
      storage: { store, name: "acme/tokens" },
    })
    const use = Effect.flatMap(auth.headers, (headers) =>
      Effect.promise(() => epoch.fetch(new Request("https://api.acme.test/things", { headers }))),
    )
    const first = yield* use
    yield* Effect.sleep("2 hours")
    return [first.status, (yield* use).status]
  })

const points = async () => {
  const { open, server } = world()
  const epoch = open()
  const exit = await epoch.run(program(epoch, server))
  assert.deepStrictEqual(exit, Exit.succeed([200, 200]))
  return Epoch.cutPoints(epoch.counts())
}

it("a process that dies at any request or any write of the store leaves a grant that works, or one clear refusal", async () => {
  const all = await points()
  assert.isAtLeast(all.length, 16)
  let lostGrants = 0
  for (const point of all) {
    const where = `${point.kind} ${point.nth} ${point.when}`
    const { open, server } = world()
    const dying = open()
    dying.cutAt(point)
    assert.instanceOf(await dying.run(program(dying, server)), Epoch.Cut, where)
    const askedBefore = server.asked.length

    const next = open()
    const exit = await next.run(program(next, server))
    if (exit instanceof Epoch.Cut || exit instanceof VirtualClock.Stuck) throw new Error(`${where}: ${exit}`)
    if (Exit.isSuccess(exit)) {
      assert.deepStrictEqual(exit.value, [200, 200], where)
      const shown = server.asked.map((form) => form.get("refresh_token"))
      assert.strictEqual(new Set(shown).size + (shown[0] === shown[1] ? 1 : 0), shown.length, where)
      continue
    }
    // The endpoint gave a new refresh token and the process died with it in hand: nobody can know it any more.
    lostGrants += 1
    assert.match(String(exit.cause), /Unauthorized.*authorise again/, where)
    assert.strictEqual(server.asked.length, askedBefore + 1, `${where}: it was asked more than once`)
    assert.strictEqual(server.used.filter((use) => use.status === 401).length, 0, where)
  }
  // Two grants, each lost at the end of its request and at the beginning of its write.
  assert.strictEqual(lostGrants, 4)
})
