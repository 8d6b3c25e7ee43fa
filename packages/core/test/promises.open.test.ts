import type { Connector } from "@mortise/core/Connector"
import * as ConnectorError from "@mortise/core/ConnectorError"
import { Unauthorized } from "@mortise/core/ConnectorError"
import * as Promises from "@mortise/core/Promises"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"

type Empty = Connector<Record<never, never>, { readonly store: StateStore.Service }>

/** A connector that only writes down when it is opened and closed. */
const connector = (log: Array<string>) =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    yield* Effect.acquireRelease(
      Effect.sync(() => log.push("connected")),
      () => Effect.sync(() => log.push("signed out")),
    )
    const of: Empty = {
      system: "model",
      apiVersion: "1",
      scope: { system: "model", instance: "one" },
      readOnly: false,
      ports: {},
      client: { store },
      check: Effect.succeed([]),
      prepare: () => Effect.succeed([]),
    }
    return of
  })

const storeOf = (log: Array<string>): Layer.Layer<StateStore.StateStore, ConnectorError.ConnectorError> =>
  Layer.effectDiscard(
    Effect.acquireRelease(
      Effect.sync(() => log.push("store opened")),
      () => Effect.sync(() => log.push("store closed")),
    ),
  ).pipe(Layer.provideMerge(StateStore.layerMemory()))

describe("opening a connector without Effect", () => {
  it("signs out before it closes the store", async () => {
    const log: Array<string> = []
    const opened = await Promises.open(connector(log), { store: storeOf(log) })
    expect(await opened.connector.check()).toEqual([])
    await opened.close()
    expect(log).toEqual(["store opened", "connected", "signed out", "store closed"])
  })

  it("shares the store of another one, and leaves it open", async () => {
    const log: Array<string> = []
    const first = await Promises.open(connector(log), { store: storeOf(log) })
    const second = await Promises.open(connector(log), { store: first.store })
    expect(second.connector.client.store).toBe(first.store)
    await second.close()
    expect(log).not.toContain("store closed")
    await first.close()
    expect(log.at(-1)).toBe("store closed")
  })

  it("leaves nothing open when it fails, and rejects with the error", async () => {
    const log: Array<string> = []
    const refused = new ConnectorError.ConnectorError({
      system: "model",
      reason: new Unauthorized({ message: "the token was refused" }),
    })
    const failing = Effect.andThen(connector(log), Effect.fail(refused))
    await expect(Promises.open(failing, { store: storeOf(log) })).rejects.toBe(refused)
    expect(log).toEqual(["store opened", "connected", "signed out", "store closed"])
  })
})
