import * as Epoch from "@mortise/conformance/Epoch"
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { both, type Doors, fill, type Settings } from "./support/leadToLedger.ts"
import { faults, left, open, type RelayWorld, relayWorld, run } from "./support/relayWorld.ts"

interface Case {
  readonly settings?: Settings
  readonly enforcesKeys?: boolean
  /** A store that is broken on purpose. */
  readonly wrap?: (store: StateStore.Service) => StateStore.Service
}

const filled = ({ enforcesKeys = true }: Case): RelayWorld => {
  const world = relayWorld()
  world.crm.enforcesKeys = enforcesKeys
  fill(world.erp, 7, 9)
  return world
}

const succeeded = (result: unknown): boolean => Exit.isExit(result) && Exit.isSuccess(result)

interface Swept {
  readonly points: number
  readonly crashes: number
  /** Crashes that fell between the first write and the last. */
  readonly midway: number
  readonly broken: ReadonlyArray<string>
}

/** Crashes at every point of a run, each in a world of its own, and what is wrong after the resume. */
const sweep = async (of: Case): Promise<Swept> => {
  const program = (doors: Doors) => both(doors, of.settings)
  const whole = filled(of)
  const unharmed = open(whole)
  expect(succeeded(await run(unharmed, program, of.wrap))).toBe(true)
  expect(faults(whole)).toEqual([])
  const broken: Array<string> = []
  let crashes = 0
  let midway = 0
  const points = Epoch.cutPoints(unharmed.counts())
  for (const point of points) {
    const world = filled(of)
    const first = open(world)
    first.cutAt(point)
    if ((await run(first, program, of.wrap)) instanceof Epoch.Cut) crashes += 1
    if (world.crm.counts.writes > 0 && world.crm.counts.writes < whole.crm.counts.writes) midway += 1
    const resumed = succeeded(await run(open(world), program, of.wrap))
    const wrong = [...(resumed ? [] : ["the resume failed"]), ...faults(world), ...(await left(world))]
    const { writes } = world.crm.counts
    await run(open(world), program, of.wrap)
    if (world.crm.counts.writes !== writes) wrong.push("written again after the resume")
    broken.push(...wrong.map((fault) => `${point.kind} ${point.nth} ${point.when}: ${fault}`))
  }
  return { points: points.length, crashes, midway, broken }
}

const silentAnnouncements = (store: StateStore.Service): StateStore.Service => ({
  ...store,
  announce: () => Effect.void,
})

const cursorFirst = (store: StateStore.Service): StateStore.Service => ({
  ...store,
  commit: ({ page, ...rest }) =>
    Effect.andThen(page === undefined ? Effect.void : store.commit({ page }), store.commit(rest)),
})

describe("a relay that is killed", () => {
  it.each([
    ["where the vendor keeps keys unique", {}],
    [
      "where the vendor makes a new record of every write without an id",
      { settings: { blind: true }, enforcesKeys: false },
    ],
    ["one record a request", { settings: { batchSize: 1, pageSize: 3 } }],
    ["all of it in one page", { settings: { batchSize: 20, pageSize: 50 } }],
  ] satisfies ReadonlyArray<[string, Case]>)(
    "loses nothing and doubles nothing, wherever the crash falls: %s",
    async (name, of) => {
      const { broken, crashes, midway, points } = await sweep(of)
      console.log(`${name}: ${points} cut points, ${crashes} crashes, ${midway} of them in the middle of the writes`)
      expect(broken).toEqual([])
      expect(crashes).toBe(points)
      expect(midway).toBeGreaterThan(5)
    },
  )

  // Broken on purpose, so that the sweep is known to see it.
  it("makes second records when nothing was announced", async () => {
    const { broken } = await sweep({ settings: { blind: true }, enforcesKeys: false, wrap: silentAnnouncements })
    expect(broken.join("\n")).toContain("is there 2 times")
  })

  it("forgets what it did when the cursor is committed apart from the rest", async () => {
    const { broken } = await sweep({ wrap: cursorFirst })
    expect(broken.length).toBeGreaterThan(0)
  })
})
