import type { Fault } from "@mortise/conformance/twin/Faults"
import type { TwinRequest } from "@mortise/conformance/twin/Twin"
import { beforeAll, describe, expect, it } from "vitest"
import { generate } from "../src/demo/Business.ts"
import * as Pair from "./support/pair.ts"

/** What can go wrong with any request. */
const FAULTS: ReadonlyArray<Fault> = [
  { kind: "refused" },
  { kind: "resetBefore" },
  { kind: "errorBefore", status: 503 },
  { kind: "slow", millis: 50_000, commit: "early" },
  { kind: "hang", applied: false },
  { kind: "throttle", retryAfter: "7" },
  { kind: "unauthorized" },
  { kind: "malformedJson" },
  { kind: "htmlPage", status: 200 },
  { kind: "truncatedBody" },
  { kind: "redirect", location: "https://elsewhere.example/steal" },
]

/** What can go wrong beside it with a request that changes something. */
const AMBIGUOUS: ReadonlyArray<Fault> = [
  { kind: "lostReply" },
  { kind: "errorAfter", status: 502 },
  { kind: "hang", applied: true },
  { kind: "slow", millis: 200_000, commit: "late" },
  { kind: "throttle" },
  { kind: "htmlPage", status: 502 },
]

/** What a request is about, without what names a record; properties of one object type are asked for like another's. */
const kindOf = ({ method, url }: { readonly method: string; readonly url: string | URL }): string =>
  `${method} ${new URL(url).pathname
    .replace(/^(.*\/entity\/Default\/[\d.]+\/\w+)\/.*$/, "$1/*")
    .replace(/^(\/crm\/properties\/[^/]+)\/[^/]+/, "$1/*")}`

interface Case {
  readonly vendor: "acumatica" | "hubspot"
  readonly kind: string
  readonly fault: Fault
}

interface Cases {
  /** One at a time: a write has more ways to go wrong, and the outcome of each has to be right by itself. */
  readonly writes: ReadonlyArray<ReadonlyArray<Case>>
  /** Every kind of reading request has another fault at once; in as many rounds as there are faults each has had each. */
  readonly reads: ReadonlyArray<ReadonlyArray<Case>>
}

const casesOf = (whole: Pair.Whole): Cases => {
  const kinds = (["acumatica", "hubspot"] as const).flatMap((vendor) => {
    const { lines } = whole.pair[vendor].journal
    const changing = new Set(lines.filter(({ changed }) => changed).map(kindOf))
    return [...new Set(lines.map(kindOf))].map((kind) => ({ vendor, kind, changes: changing.has(kind) }))
  })
  const reading = kinds.filter(({ changes }) => !changes)
  return {
    writes: kinds
      .filter(({ changes }) => changes)
      .flatMap((one) => [...FAULTS, ...AMBIGUOUS].map((fault) => [{ ...one, fault }])),
    reads: FAULTS.map((_, round) =>
      reading.map((one, index) => ({ ...one, fault: FAULTS[(index + round) % FAULTS.length] as Fault })),
    ),
  }
}

const told = ({ fault, kind }: Case): string => `${Object.values(fault).join(" ")} at ${kind}`

/** Deals each fault to the first request of its kind; what is wrong in the end. */
const play = async (whole: Pair.Whole, cases: ReadonlyArray<Case>): Promise<ReadonlyArray<string>> => {
  const pair = Pair.open(whole.begin)
  for (const { fault, kind, vendor } of cases) {
    pair[vendor].faults.deal({ at: (request: TwinRequest) => kindOf(request) === kind, fault })
  }
  await Pair.untilDone(pair, 4 + 6 * cases.length)
  const unmet = [pair.acumatica, pair.hubspot].flatMap(({ faults }) => faults.pending())
  return [...Pair.wrong(whole, pair), ...unmet.map(({ fault }) => `${fault.kind} was not met`)]
}

const sweep = async (whole: Pair.Whole, rounds: ReadonlyArray<ReadonlyArray<Case>>) => {
  const broken: Array<string> = []
  for (const cases of rounds) {
    const found = await play(whole, cases).catch((error: unknown) => [String(error)])
    for (const line of found) broken.push(`${cases.length > 3 ? "a round of faults" : cases.map(told).join()}: ${line}`)
  }
  const dealt = rounds.flat()
  console.log(`${dealt.length} faults dealt to ${new Set(dealt.map(({ kind }) => kind)).size} kinds of requests`)
  return { broken, dealt: dealt.length }
}

/** On a machine that is busy with other tests. */
const PATIENCE = 300_000

describe("the five flows between Acumatica and HubSpot lose and double nothing", () => {
  let moving: Pair.Whole
  let opening: Pair.Whole

  beforeAll(async () => {
    moving = await Pair.undisturbed(await Pair.prepared(generate(1, Pair.TINY)))
    opening = await Pair.undisturbed(Pair.holding(Pair.NOTHING))
  })

  it("whichever fault meets whichever kind of write", { timeout: PATIENCE }, async () => {
    const { broken, dealt } = await sweep(moving, casesOf(moving).writes)
    expect(broken).toEqual([])
    expect(dealt).toBeGreaterThan(150)
  })

  it("whichever faults meet all kinds of reading requests at once", { timeout: PATIENCE }, async () => {
    const { broken, dealt } = await sweep(moving, casesOf(moving).reads)
    expect(broken).toEqual([])
    expect(dealt).toBeGreaterThan(150)
  })

  it("while a new portal is made ready", { timeout: PATIENCE }, async () => {
    const { reads, writes } = casesOf(opening)
    const { broken, dealt } = await sweep(opening, [...writes, ...reads])
    expect(broken).toEqual([])
    expect(dealt).toBeGreaterThan(100)
  })
})
