import * as Epoch from "@mortise/conformance/Epoch"
import { seededRandom } from "@mortise/conformance/twin/Twin"
import { beforeAll, describe, expect, it } from "vitest"
import { generate } from "../src/demo/Business.ts"
import * as Pair from "./support/pair.ts"

/** How long nobody looked after the dead process: not at all, within its leases, after them. */
const DOWNTIMES = ["0 seconds", "20 seconds", "3 minutes", "25 minutes"] as const

const name = ({ kind, nth, when }: Epoch.CutPoint): string => `${when} ${kind} ${nth}`

/** What is wrong after runs that were cut at these points, one after the other, and one that was not. */
const crash = async (whole: Pair.Whole, points: ReadonlyArray<Epoch.CutPoint>): Promise<ReadonlyArray<string>> => {
  const pair = Pair.open(whole.begin)
  for (const [index, point] of points.entries()) {
    const epoch = pair.epoch()
    epoch.cutAt(point)
    const end = await Pair.run(pair, epoch)
    if (index === 0 && !(end instanceof Epoch.Cut)) return ["it was not cut"]
    await pair.clock.advance(DOWNTIMES[point.nth % DOWNTIMES.length] ?? "0 seconds")
  }
  const failures = await Pair.untilDone(pair)
  return [...failures.map((failure) => `had to be started again: ${failure}`), ...Pair.wrong(whole, pair)]
}

/**
 * Every place that a run can be cut at. The reply of a request that changed nothing may as well be lost before the next
 * request leaves: these two are one point.
 */
const everywhere = (whole: Pair.Whole): ReadonlyArray<Epoch.CutPoint> =>
  Epoch.cutPoints(whole.counts).filter(
    ({ kind, nth, when }) => kind === "write" || when === "before" || whole.pair.changed[nth - 1] === true,
  )

const sweep = async (whole: Pair.Whole, lists: ReadonlyArray<ReadonlyArray<Epoch.CutPoint>>) => {
  const broken: Array<string> = []
  for (const points of lists) {
    for (const fault of await crash(whole, points)) broken.push(`${points.map(name).join(", then ")}: ${fault}`)
  }
  return broken
}

/** On a machine that is busy with other tests. */
const PATIENCE = 300_000

describe("the five flows between Acumatica and HubSpot", () => {
  let moving: Pair.Whole

  beforeAll(async () => {
    moving = await Pair.undisturbed(await Pair.prepared(generate(1, Pair.SMALL)))
  })

  it("move every record once, and a second run changes nothing", async () => {
    const pair = Pair.open(moving.begin)
    await Pair.untilDone(pair)
    const before = Pair.writes(pair)
    expect(before).toBeGreaterThan(20)
    await Pair.untilDone(pair)
    expect(Pair.writes(pair)).toBe(before)
    expect(Pair.wrong(moving, pair)).toEqual([])
  })

  it("would be caught, had they doubled a record, lost one, or tied one to the wrong parent", async () => {
    const pair = Pair.open(moving.begin)
    await Pair.untilDone(pair)
    const { world } = pair.hubspot
    const [first, second] = world.records("companies")
    const invoice = world.records("invoices")[0]
    world.create("companies", { name: first?.properties["name"] ?? "" })
    expect(Pair.wrong(moving, pair)).toHaveLength(1)
    world.archive("contacts", world.records("contacts")[0]?.id ?? "")
    expect(Pair.wrong(moving, pair).length).toBeGreaterThan(1)
    const before = Pair.wrong(moving, pair).length
    world.associate("invoices", invoice?.id ?? "", "companies", second?.id ?? "")
    expect(Pair.wrong(moving, pair).length).toBeGreaterThan(before)
  })

  it("lose and double nothing when they are killed before or after any request or write of the store", {
    timeout: PATIENCE,
  }, async () => {
    const points = everywhere(moving)
    expect(
      await sweep(
        moving,
        points.map((point) => [point]),
      ),
    ).toEqual([])
    console.log(
      `killed at ${points.length} points of a run of ${moving.counts.requests} requests and ${moving.counts.writes} store writes`,
    )
    expect(points.length).toBeGreaterThan(140)
  })

  it("lose and double nothing when they are killed three times in a row", { timeout: PATIENCE }, async () => {
    const random = seededRandom(20261120)
    const points = everywhere(moving)
    const pick = () => points[Math.floor(random() * points.length)] as Epoch.CutPoint
    const lists = Array.from({ length: 15 }, () => [pick(), pick(), pick()])
    expect(await sweep(moving, lists)).toEqual([])
  })

  it("make a new portal ready though they are killed in the middle of it", { timeout: PATIENCE }, async () => {
    const opening = await Pair.undisturbed(Pair.holding(Pair.NOTHING))
    const points = everywhere(opening).filter((_, index) => index % 2 === 0)
    expect(
      await sweep(
        opening,
        points.map((point) => [point]),
      ),
    ).toEqual([])
    console.log(`killed at ${points.length} points of a run that makes the properties`)
    expect(points.length).toBeGreaterThan(75)
  })
})
