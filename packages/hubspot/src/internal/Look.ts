/**
 * Looks before writing: which records are there, what they hold, what they are associated with. Decides what needs no
 * write, what cannot be written, and how the rest is sent.
 */
import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import {
  Ambiguous,
  type ConnectorError,
  Duplicate,
  Invalid,
  MissingReference,
  NotFound,
  type Reason,
} from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Adopt from "../Adopt.ts"
import * as Associations from "../Associations.ts"
import * as Errors from "../Errors.ts"
import * as Identity from "../Identity.ts"
import * as Line from "../ports/Line.ts"
import * as Drafts from "./Draft.ts"
import * as Fields from "./Fields.ts"
import * as Lines from "./Lines.ts"
import * as Mapping from "./Mapping.ts"
import * as Plan from "./Plan.ts"
import * as Records from "./Records.ts"
import * as References from "./References.ts"
import * as Session from "./Session.ts"

type Prepared = BatchUpsert.Prepared<Plan.Plan>
type Draft = Drafts.Draft

interface Work {
  readonly session: Session.Session
  readonly mapping: Mapping.Any
  readonly operation: string
  readonly carrier: Exclude<Identity.Carrier, { readonly kind: "unprepared" }>
  readonly kinds: (property: string) => Fields.Kind
  /** False: what HubSpot holds already is sent again. */
  readonly compare: boolean
  /** The properties that the comparison needs. */
  readonly properties: ReadonlyArray<string>
  /** What was decided so far. */
  readonly decided: Map<string, Prepared>
}

const reject = (work: Work, trace: string, reason: Reason, id?: string): void => {
  const error = Errors.fail(work.operation, reason)
  work.decided.set(trace, { trace, outcome: { _tag: "Rejected", error, ...(id === undefined ? {} : { id }) } })
}

const open = (work: Work, drafts: ReadonlyArray<Draft>) => drafts.filter(({ trace }) => !work.decided.has(trace))

/** The value that addresses a record of ours, in the property that carries the identity. */
const addressOf = ({ carrier }: Work, draft: Draft): Plan.Plan["address"] => {
  if (carrier.kind === "property") {
    const value = draft.key === undefined ? undefined : Identity.encode(draft.key)
    return value === undefined ? undefined : { property: carrier.property, value }
  }
  if (carrier.kind !== "standIn") return undefined
  const text = draft.writes[carrier.property]
  const value = carrier.property === "email" ? text?.trim().toLowerCase() : text
  return value === undefined || value === "" ? undefined : { property: carrier.property, value }
}

/** Linked ids first, then keys, then the stand-in's value. */
const targets = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
): Effect.fn.Return<Map<string, Records.Raw>, ConnectorError> {
  const { mapping, properties, session } = work
  const found = new Map<string, Records.Raw>()
  const linked = drafts.flatMap(({ item }) => (item.id === undefined ? [] : [item.id]))
  const byId = yield* Records.byId(session.client, mapping.type, linked, properties)
  for (const { item, trace } of drafts) {
    const raw = item.id === undefined ? undefined : byId.get(item.id)
    if (raw !== undefined) found.set(trace, raw)
  }
  const rest = drafts.filter(({ trace }) => !found.has(trace))
  const keys = rest.flatMap(({ key }) => (key === undefined ? [] : [key]))
  const byKey = yield* References.byKeys(session, mapping, keys, properties)
  for (const { key, trace } of rest) {
    const raw = key === undefined ? undefined : byKey.get(key)
    if (raw !== undefined) found.set(trace, raw)
  }
  if (work.carrier.kind === "standIn") yield* byStandIn(work, rest, found)
  return found
})

const byStandIn = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: Map<string, Records.Raw>,
) {
  const seeking = drafts.flatMap((draft) => {
    const address = found.has(draft.trace) || draft.key === undefined ? undefined : addressOf(work, draft)
    return address === undefined ? [] : [{ draft, address }]
  })
  const property = seeking[0]?.address.property
  if (property === undefined) return
  const by = { property, keys: seeking.map(({ address }) => address.value) }
  const records = yield* Records.byKey(work.session.client, work.mapping.type, by, work.properties)
  for (const { address, draft } of seeking) {
    const raw = records.get(address.value)
    if (raw !== undefined) found.set(draft.trace, raw)
  }
})

/** Records without a key of ours that natural keys lead to. */
const adopt = Effect.fnUntraced(function* (
  work: Work,
  drafts: ReadonlyArray<Draft>,
  found: Map<string, Records.Raw>,
): Effect.fn.Return<void, ConnectorError> {
  const { mapping, session } = work
  const seekerOf = (draft: Draft): Adopt.Seeker => ({
    trace: draft.trace,
    key: draft.key,
    by: draft.item.adoptBy ?? [],
    writes: draft.writes,
  })
  const now = yield* Clock.currentTimeMillis
  for (const draft of drafts) {
    const raw = found.get(draft.trace)
    if (raw !== undefined && draft.item.adoptBy !== undefined) {
      Adopt.claim(session, mapping, seekerOf(draft), raw.id, now)
    }
  }
  const seekers = drafts
    .filter(({ item, key, trace }) => !found.has(trace) && key !== undefined && (item.adoptBy ?? []).length > 0)
    .map(seekerOf)
  if (seekers.length === 0) return
  for (const [trace, match] of yield* Adopt.match(session, mapping, seekers, work.properties)) {
    if (match._tag === "One") found.set(trace, match.record)
    if (match._tag === "Ambiguous") {
      const { candidates } = match
      const message = `${candidates.length} record(s) could be meant, and a person has to decide`
      reject(work, trace, new Ambiguous({ message, candidates }))
    }
  }
})

/** An id alone leads to a record or to nothing; a key that no request can carry leads nowhere. */
const refuseHomeless = (work: Work, drafts: ReadonlyArray<Draft>, found: ReadonlyMap<string, Records.Raw>): void => {
  for (const draft of open(work, drafts)) {
    if (found.has(draft.trace)) continue
    const { id } = draft.item
    if (draft.key === undefined) {
      const message = "no record has this id; it may have been deleted"
      reject(
        work,
        draft.trace,
        new NotFound({ message, entity: work.mapping.entity.name, ...(id === undefined ? {} : { id }) }),
      )
    } else if (work.carrier.kind === "standIn" && addressOf(work, draft) === undefined) {
      const { field } = work.carrier
      const message = `is needed: this portal keeps no key of ours, and a new record is found again by ${field} only`
      reject(work, draft.trace, new Invalid({ message: `${field}: ${message}`, issues: [{ path: [field], message }] }))
    }
  }
}

/** Two new records that HubSpot could only tell apart by one value would become one record. */
const refuseTwins = (work: Work, drafts: ReadonlyArray<Draft>, found: ReadonlyMap<string, Records.Raw>): void => {
  if (work.carrier.kind !== "standIn") return
  const { field } = work.carrier
  const seen = new Set<string>()
  for (const draft of open(work, drafts)) {
    const value = found.has(draft.trace) ? undefined : addressOf(work, draft)?.value
    if (value === undefined) continue
    if (seen.has(value)) {
      reject(work, draft.trace, new Duplicate({ message: `another record of this call has the same ${field}`, field }))
    }
    seen.add(value)
  }
}

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
  const document = draft.key ?? `hubspot:${target?.id ?? ""}`
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
  const found = yield* targets(work, open(work, drafts))
  yield* adopt(work, open(work, drafts), found)
  refuseHomeless(work, drafts, found)
  const resolver = yield* References.resolver(session, open(work, drafts).flatMap(wantsOf))
  refuseUnresolved(work, open(work, drafts), resolver)
  refuseTwins(work, drafts, found)
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
