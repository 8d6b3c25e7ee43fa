/**
 * Looks before writing: which records are there, what they hold, what they are associated with. Decides what needs no
 * write, what cannot be written, and how the rest is sent.
 */
import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Ambiguous, type ConnectorError, MissingReference, type Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Associations from "../Associations.ts"
import * as Identity from "../Identity.ts"
import * as Line from "../ports/Line.ts"
import * as Drafts from "./Draft.ts"
import * as Fields from "./Fields.ts"
import * as Lines from "./Lines.ts"
import * as Mapping from "./Mapping.ts"
import * as Plan from "./Plan.ts"
import type * as Records from "./Records.ts"
import * as References from "./References.ts"
import * as Session from "./Session.ts"
import * as Targets from "./Targets.ts"
import * as Unsettled from "./Unsettled.ts"
import { addressOf, type Draft, open, type Prepared, reject, type Work } from "./Work.ts"

const wantsOf = (draft: Draft): ReadonlyArray<References.Want> => [
  ...draft.links.flatMap(({ link, refs }) => refs.map((ref) => ({ type: link.to, ref }))),
  ...(draft.lines ?? []).flatMap(({ product }) =>
    product === null || product === undefined ? [] : [{ type: "products" as const, ref: product }],
  ),
]

const unresolved = (field: string, ref: References.Ref, resolved: References.Resolved): Reason | undefined => {
  if (resolved._tag === "Found") return undefined
  if (resolved._tag === "Several") {
    const message = `${field}: several records have ${References.told(ref)}`
    return new Ambiguous({ message, candidates: resolved.candidates })
  }
  const reference = ref.key ?? ref.id ?? ref.number ?? ""
  return new MissingReference({
    message: `${field}: HubSpot has no record with ${References.told(ref)}`,
    field,
    reference,
  })
}

/** Refuses drafts whose references lead nowhere. One unknown product of one line refuses the whole document. */
const refuseUnresolved = (work: Work, drafts: ReadonlyArray<Draft>, resolver: References.Resolver): void => {
  for (const draft of drafts) {
    const named = [
      ...draft.links.flatMap(({ field, link, refs }) => refs.map((ref) => ({ field, want: { type: link.to, ref } }))),
      ...(draft.lines ?? []).flatMap(({ key, product }) =>
        product === null || product === undefined
          ? []
          : [{ field: `lines.${key}.product`, want: { type: "products" as const, ref: product } }],
      ),
    ]
    for (const { field, want } of named) {
      const reason = unresolved(field, want.ref, resolver.resolve(want))
      if (reason === undefined) continue
      reject(work, draft.trace, reason)
      break
    }
  }
}

interface Around {
  readonly edges: ReadonlyMap<string, Associations.Edges>
  readonly lines: ReadonlyMap<string, ReadonlyArray<Records.Raw>>
}

/** What hangs on the records that are there, as far as somebody asks to change it. */
const around = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: ReadonlyMap<string, Records.Raw>,
): Effect.fn.Return<Around, ConnectorError> {
  const { mapping, session } = work
  const idsOf = (wants: (draft: Draft) => boolean) =>
    drafts.filter(wants).flatMap(({ trace }) => {
      const raw = found.get(trace)
      return raw === undefined ? [] : [raw.id]
    })
  const edges = new Map<string, Associations.Edges>()
  for (const [field, { to }] of Object.entries(mapping.links)) {
    const touches = ({ labels, links }: Draft) =>
      links.some((link) => link.field === field) || labels.some(({ label }) => label.on === field)
    const ids = idsOf(touches)
    if (ids.length > 0) {
      edges.set(field, yield* Associations.read(session.client, { from: mapping.type, to }, ids))
    }
  }
  const documents = idsOf(({ lines }) => lines !== undefined)
  const lines = documents.length === 0 ? new Map() : yield* Lines.read(session, mapping.type, documents)
  return { edges, lines }
})

const linkPlans = (
  { mapping }: Work,
  draft: Draft,
  resolver: References.Resolver,
  edgesOf: (field: string) => ReadonlyArray<Associations.Edge>,
): ReadonlyArray<Plan.LinkPlan> =>
  Object.entries(mapping.links).flatMap(([field, link]) => {
    const wanted = draft.links.find((each) => each.field === field)
    const labels = draft.labels.filter(({ label }) => label.on === field)
    if (wanted === undefined && labels.length === 0) return []
    const ids = wanted?.refs.flatMap((ref) => {
      const resolved = resolver.resolve({ type: link.to, ref })
      return resolved._tag === "Found" ? [resolved.id] : []
    })
    return [Plan.links({ field, link, wanted: ids, there: edgesOf(field), labels })]
  })

const linePlan = (
  { session }: Work,
  draft: Draft,
  target: Records.Raw | undefined,
  resolver: References.Resolver,
  there: ReadonlyArray<Records.Raw>,
): Lines.Plan | undefined => {
  if (draft.lines === undefined) return undefined
  // Whoever writes it, and by whatever name: two writers at once have to mean the same line items.
  const document = (target && Adopt.keyOf(session, target)) ?? draft.key ?? `hubspot:${target?.id ?? ""}`
  const wanted = draft.lines.map(({ key, product, writes }) => {
    if (product === undefined) return { key, writes }
    const resolved = product === null ? undefined : resolver.resolve({ type: "products", ref: product })
    return { key, writes: { ...writes, [Line.PRODUCT.name]: resolved?._tag === "Found" ? resolved.id : "" } }
  })
  return Lines.plan(document, wanted, there, session.keyProperty)
}

/** Our key, where the record may carry it: a record that carries another one keeps it. */
const keyWrite = ({ carrier, session }: Work, draft: Draft, target: Records.Raw | undefined): Fields.Writes => {
  if (carrier.kind !== "property" || draft.key === undefined) return {}
  const carried = Fields.value(target?.properties ?? {}, session.keyProperty)
  if (typeof carried === "string") return {}
  return { [session.keyProperty]: Identity.encode(draft.key) ?? "" }
}

/**
 * A record that is there is written by its id, which goes on leading to it through a merge; its key may be gone with one.
 * Only what is not there is sent as an upsert by key.
 */
const laneOf = ({ carrier }: Work, target: Records.Raw | undefined): Plan.Lane => {
  if (target !== undefined) return "update"
  return carrier.kind === "property" ? "upsert" : carrier.kind === "standIn" ? "standIn" : "create"
}

const planOf = (
  work: Work,
  draft: Draft,
  target: Records.Raw | undefined,
  resolver: References.Resolver,
  { edges, lines }: Around,
  round: number,
): Plan.Plan => {
  const edgesOf = (field: string) => (target === undefined ? [] : (edges.get(field)?.get(target.id) ?? []))
  const props = target?.properties ?? {}
  const created = target === undefined ? work.mapping.onCreate : {}
  const writes = { ...created, ...draft.writes, ...keyWrite(work, draft, target) }
  const changed = target === undefined ? writes : Plan.different(work.kinds, props, writes)
  return {
    draft,
    round,
    target,
    writes,
    lane: work.compare && target !== undefined && Object.keys(changed).length === 0 ? "after" : laneOf(work, target),
    address: addressOf(work, draft),
    late: Plan.different(work.kinds, props, draft.late),
    links: linkPlans(work, draft, resolver, edgesOf),
    lines: linePlan(work, draft, target, resolver, target === undefined ? [] : (lines.get(target.id) ?? [])),
  }
}

const kindsOf = (session: Session.Session, mapping: Mapping.Any): Work["kinds"] => {
  const mapped = Mapping.properties(mapping)
  const byType: Readonly<Record<string, Fields.Kind>> = {
    number: "number",
    date: "date",
    datetime: "dateTime",
    bool: "boolean",
  }
  return (name) =>
    mapped.get(name)?.kind ?? byType[session.catalog.known(mapping.type)?.get(name)?.type ?? ""] ?? "text"
}

const draftAll = (work: Work, items: ReadonlyArray<BatchUpsert.Item<Entity.Any>>): ReadonlyArray<Draft> => {
  const { mapping, session } = work
  const tools = {
    mapping,
    definitions: session.catalog.known(mapping.type) ?? new Map(),
    context: Session.context(session, mapping.type),
    lineContext: Session.context(session, Lines.TYPE),
  }
  return items.flatMap((item) => {
    const draft = Drafts.make(tools, item)
    if ("trace" in draft) return [draft]
    reject(work, item.trace, draft)
    return []
  })
}

/** Lines need a key property on line items, a second set of definitions. */
const linesCarried = Effect.fnUntraced(function* (work: Work, drafts: ReadonlyArray<Draft>) {
  const written = drafts.filter(({ lines }) => lines !== undefined && lines.length > 0)
  if (written.length === 0) return
  const { keyProperty } = work.session
  const definitions = yield* work.session.catalog.properties(Lines.TYPE)
  if (Identity.isKey(definitions.get(keyProperty))) return
  const { reason } = Session.unprepared(work.operation, keyProperty, Lines.TYPE)
  for (const { trace } of written) reject(work, trace, reason)
})

/** Decides about a batch of items. Reads only. */
export const prepare = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  operation: string,
  items: ReadonlyArray<BatchUpsert.Item<Entity.Any>>,
  compare: boolean,
): Effect.fn.Return<ReadonlyArray<Prepared>, ConnectorError> {
  yield* session.catalog.properties(mapping.type)
  const carrier = Session.carrier(session, mapping)
  if (carrier.kind === "unprepared") {
    const error = Session.unprepared(operation, carrier.property, mapping.type)
    return items.map(({ trace }) => ({ trace, outcome: { _tag: "Rejected", error } }))
  }
  const partial = {
    session,
    mapping,
    operation,
    carrier,
    compare,
    kinds: kindsOf(session, mapping),
    decided: new Map(),
  }
  const drafts = draftAll({ ...partial, properties: [] }, items)
  const names = drafts.flatMap(({ late, writes }) => [...Object.keys(writes), ...Object.keys(late)])
  const work: Work = { ...partial, properties: [session.keyProperty, ...new Set(names)] }
  yield* linesCarried(work, drafts)
  const found = yield* Targets.targets(work, open(work, drafts))
  yield* Unsettled.settle(work, open(work, drafts), found)
  yield* Targets.adopt(work, open(work, drafts), found)
  Targets.refuseHomeless(work, drafts, found)
  const resolver = yield* References.resolver(session, open(work, drafts).flatMap(wantsOf))
  refuseUnresolved(work, open(work, drafts), resolver)
  Targets.refuseTwins(work, drafts, found)
  const hanging = yield* around(work, open(work, drafts), found)
  const rounds = new Map<string, number>()
  for (const draft of open(work, drafts)) {
    const target = found.get(draft.trace)
    const round = target === undefined ? 0 : (rounds.get(target.id) ?? 0)
    if (target !== undefined) rounds.set(target.id, round + 1)
    const plan = planOf(work, draft, target, resolver, hanging, round)
    const settled = plan.target !== undefined && plan.lane === "after" && Plan.isAlone(plan)
    work.decided.set(
      draft.trace,
      settled
        ? { trace: draft.trace, outcome: { _tag: "Unchanged", id: plan.target.id } }
        : { trace: draft.trace, ready: plan },
    )
  }
  return [...work.decided.values()]
})
