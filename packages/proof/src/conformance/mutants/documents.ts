/** Mutants that the rules of documents have to catch: lines, parents, drafts. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as ConnectorErrors from "@mortise/core/ConnectorError"
import type * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import {
  ACUMATICA,
  counter,
  door,
  each,
  REFERENCE,
  SMALL,
  telling,
  upserting,
  type Write,
  writing,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"

interface Line {
  readonly key: string
  readonly product?: { readonly number?: string }
  readonly quantity?: Decimal.Decimal
}

type Lines = ReadonlyArray<Line>

const linesOf = ({ fields }: Write): Lines | undefined => (fields as { readonly lines?: Lines }).lines

/** The lines of a document on their way out. */
const lining = (name: string, change: (lines: Lines) => Lines): Mutant =>
  writing(
    name,
    each((one) => {
      const lines = linesOf(one)
      return lines === undefined ? one : { ...one, fields: { ...one.fields, lines: change(lines) } }
    }),
  )

const renamesLines = (): Mutant => {
  const next = counter()
  return lining("gives the lines new keys at every write", (lines) => {
    const suffix = `-${next()}`
    return lines.map((line) => ({ ...line, key: line.key + suffix }))
  })
}

const appendsById = writing(
  "adds the lines to those that are there when it knows a document by its id",
  each((one) => {
    const lines = linesOf(one)
    if (lines === undefined || one.id === undefined) return one
    return {
      ...one,
      fields: { ...one.fields, lines: [...lines, ...lines.map((line) => ({ ...line, key: `${line.key}+` }))] },
    }
  }),
)

const mergesLines = lining("puts lines of one product together", (lines) => {
  const merged = new Map<string, Line>()
  for (const line of lines) {
    const name = line.product?.number ?? ""
    const before = merged.get(name)
    if (before?.quantity === undefined || line.quantity === undefined) merged.set(name, line)
    else merged.set(name, { ...before, quantity: BigDecimal.sum(before.quantity, line.quantity) })
  }
  return [...merged.values()]
})

const isMissing = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome && outcome.error.reason._tag === "MissingReference"

const leavesOutUnknown = upserting("leaves out the lines whose item is not there", (port, records, options) =>
  Effect.flatMap(port.upsert(records, options), (outcomes) =>
    Effect.forEach(outcomes, (outcome, index) => {
      const write = records[index] as Write
      const reason = "error" in outcome ? outcome.error.reason : undefined
      const lines = linesOf(write)
      if (reason?._tag !== "MissingReference" || lines === undefined) return Effect.succeed(outcome)
      const known = lines.filter(({ product }) => !reason.reference.includes(product?.number ?? "?"))
      return Effect.map(
        port.upsert([{ ...write, fields: { ...write.fields, lines: known } }]),
        ([one]) => one ?? outcome,
      )
    }),
  ),
)

const blamesNobody = telling("does not say which line and item are at fault", (outcome) =>
  isMissing(outcome) && outcome._tag === "Rejected"
    ? {
        _tag: "Rejected",
        error: new ConnectorErrors.ConnectorError({
          system: outcome.error.system,
          reason: new ConnectorErrors.MissingReference({ message: "an item is missing", field: "", reference: "" }),
        }),
      }
    : outcome,
)

type Parents = { readonly account?: unknown; readonly company?: unknown }

/** What a person hangs on. */
const hanging = (name: string, change: (key: string) => string | undefined): Mutant =>
  writing(
    name,
    each((one) => {
      const { account, company, ...rest } = one.fields as Parents
      const parent = (account ?? company) as { readonly key?: string } | undefined
      if (parent?.key === undefined) return one
      const key = change(parent.key)
      const of = key === undefined ? {} : { [account === undefined ? "company" : "account"]: { key } }
      return { ...one, fields: { ...rest, ...of } }
    }),
  )

/** Every document that is written is posted behind it. */
const posts = door("posts what it has written", async (request, fetch) => {
  const { headers, method, url } = request
  const response = await fetch(request)
  const kind = /\/(Invoice|SalesInvoice|Payment)(\?|$)/.exec(url)?.[1]
  if (method !== "PUT" || kind === undefined || !response.ok) return response
  const entity = await response.clone().text()
  await fetch(
    new Request(url.replace(/\?.*$/, `/Release${kind}`), { method: "POST", headers, body: `{"entity":${entity}}` }),
  ).catch(() => {})
  return response
})

const releases = door("enters documents that are not on hold", async (request, fetch) => {
  if (request.method !== "PUT") return fetch(request)
  const body = (await request.clone().text()).replaceAll('"Hold":{"value":true}', '"Hold":{"value":false}')
  return fetch(new Request(request.url, { method: "PUT", headers: request.headers, body }))
})

const losesState = writing(
  "takes a document that is to be posted for one that is to be written",
  each((one) => {
    const { state: _, ...fields } = one.fields as { readonly state?: unknown }
    return { ...one, fields }
  }),
)

export const documents: ReadonlyArray<Known> = [
  { make: () => appendsById, caughtBy: ["I/two-names"], on: REFERENCE },
  {
    make: () =>
      lining("writes every line twice", (lines) => [
        ...lines,
        ...lines.map((line) => ({ ...line, key: `${line.key}2` })),
      ]),
    caughtBy: ["I/lines-again", "I/lines-after-lost-reply"],
    on: REFERENCE,
  },
  { make: renamesLines, caughtBy: ["I/lines-again"], on: REFERENCE },
  { make: () => mergesLines, caughtBy: ["I/equal-lines"], on: SMALL },
  { make: () => leavesOutUnknown, caughtBy: ["I/unknown-item"], on: REFERENCE },
  { make: () => blamesNobody, caughtBy: ["I/unknown-item"], on: REFERENCE },
  {
    make: () => hanging("hangs people on the first party", (key) => key.replace(/\d+$/, "1")),
    caughtBy: ["I/parent-after-retry"],
    on: REFERENCE,
  },
  {
    make: () => hanging("hangs people on nobody", () => undefined),
    caughtBy: ["I/parent-after-retry"],
    on: REFERENCE,
  },
  { make: () => releases, caughtBy: ["O/held-drafts"], on: ACUMATICA },
  { make: () => posts, caughtBy: ["O/held-drafts"], on: ACUMATICA },
  {
    make: () => ({
      name: "posts whatever it is asked to post",
      guard: (_, port) => losesState.port?.(port) ?? port,
    }),
    caughtBy: ["O/never-posts"],
    on: ACUMATICA,
  },
]
