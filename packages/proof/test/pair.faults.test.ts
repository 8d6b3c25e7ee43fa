import type { Fault } from "@mortise/conformance/twin/Faults"
import type { TwinRequest } from "@mortise/conformance/twin/Twin"
import { describe, expect, it } from "vitest"
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

const casesOf = (whole: Pair.Whole): ReadonlyArray<Case> =>
  (["acumatica", "hubspot"] as const).flatMap((vendor) => {
    const { lines } = whole.pair[vendor].journal
    const changing = new Set(lines.filter(({ changed }) => changed).map(kindOf))
    return [...new Set(lines.map(kindOf))].flatMap((kind) =>
      [...FAULTS, ...(changing.has(kind) ? AMBIGUOUS : [])].map((fault) => ({ vendor, kind, fault })),
    )
  })

const told = (fault: Fault): string => Object.values(fault).join(" ")

/** Deals the fault to the first request of the kind; what is wrong in the end. */
const play = async (whole: Pair.Whole, { fault, kind, vendor }: Case): Promise<ReadonlyArray<string>> => {
  const pair = Pair.open(whole.begin)
  const { faults } = pair[vendor]
  faults.deal({ at: (request: TwinRequest) => kindOf(request) === kind, fault })
  await Pair.untilDone(pair)
  return [...Pair.wrong(whole, pair), ...(faults.pending().length > 0 ? ["the fault was not met"] : [])]
}

const sweep = async (whole: Pair.Whole) => {
  const cases = casesOf(whole)
  const broken: Array<string> = []
  for (const one of cases) {
    const found = await play(whole, one).catch((error: unknown) => [String(error)])
    for (const line of found) broken.push(`${told(one.fault)} at ${one.kind}: ${line}`)
  }
  const kinds = new Set(cases.map(({ kind }) => kind)).size
  console.log(`${cases.length} faults dealt to ${kinds} kinds of requests`)
  return { broken, cases: cases.length }
}

describe("the five flows between Acumatica and HubSpot", () => {
  it("lose and double nothing, whichever fault meets whichever kind of request", async () => {
    const { broken, cases } = await sweep(await Pair.undisturbed(await Pair.prepared(generate(1, Pair.TINY))))
    expect(broken).toEqual([])
    expect(cases).toBeGreaterThan(350)
  })

  it("make a new portal ready, whichever fault meets whichever kind of request", async () => {
    const { broken, cases } = await sweep(await Pair.undisturbed(Pair.holding(Pair.NOTHING)))
    expect(broken).toEqual([])
    expect(cases).toBeGreaterThan(80)
  })
})
