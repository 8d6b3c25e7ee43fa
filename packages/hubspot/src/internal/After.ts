/**
 * What hangs on records that were just written: line items, associations, and the status that is set last. Every step
 * can be repeated, so a crash between two of them is mended by the next write of the same record.
 */
import { type ConnectorError, type Reason, UnknownOutcome } from "@mortise/core/ConnectorError"
import type * as Replay from "@mortise/core/Replay"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Associations from "../Associations.ts"
import * as Errors from "../Errors.ts"
import * as Limits from "../Limits.ts"
import * as Operations from "../Operations.ts"
import * as Lines from "./Lines.ts"
import type * as Mapping from "./Mapping.ts"
import type * as Plan from "./Plan.ts"
import { chunks } from "./Records.ts"
import * as Send from "./Send.ts"
import type * as Session from "./Session.ts"

export interface Written {
  readonly trace: string
  readonly id: string
  readonly plan: Plan.Plan
}

type Failures = Map<string, ConnectorError>

interface Job {
  readonly session: Session.Session
  readonly mapping: Mapping.Any
  readonly failures: Failures
}

const alive = ({ failures }: Job, all: ReadonlyArray<Written>) => all.filter(({ trace }) => !failures.has(trace))

/** A refusal for good, after which the records are tried one by one to find the one at fault. */
const isRefusal = ({ reason }: ConnectorError): boolean =>
  ["Invalid", "NotFound", "Duplicate", "Conflict", "Unsupported", "Forbidden"].includes(reason._tag)

/** Runs a step for all records at once and, when it is refused, for each by itself. */
const together = Effect.fnUntraced(function* (
  job: Job,
  records: ReadonlyArray<Written>,
  step: (records: ReadonlyArray<Written>) => Effect.Effect<void, ConnectorError>,
): Effect.fn.Return<void> {
  if (records.length === 0) return
  const result = yield* Effect.result(step(records))
  if (Result.isSuccess(result)) return
  if (records.length > 1 && isRefusal(result.failure)) {
    for (const record of records) yield* together(job, [record], step)
    return
  }
  for (const { trace } of records) job.failures.set(trace, result.failure)
})

interface OwnedInput extends Send.Input {
  /** The trace of the record that this input belongs to. */
  readonly owner: string
}

interface Request {
  readonly operation: Replay.Operation
  readonly send: (part: ReadonlyArray<OwnedInput>) => Effect.Effect<Send.Answer, ConnectorError>
}

/** Sends inputs that belong to several records; a failed one fails its record. The ids of what was written, by trace. */
const sendOwned = Effect.fnUntraced(function* (
  job: Job,
  inputs: ReadonlyArray<OwnedInput>,
  request: Request,
): Effect.fn.Return<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  const failAll = (part: ReadonlyArray<OwnedInput>, error: ConnectorError) => {
    for (const { owner } of part) job.failures.set(owner, error)
  }
  for (const part of chunks(inputs, Limits.BATCH)) {
    const result = yield* Effect.result(request.send(part))
    if (Result.isFailure(result)) {
      const owners = new Set(part.map(({ owner }) => owner))
      if (owners.size === 1 || !isRefusal(result.failure)) failAll(part, result.failure)
      else
        for (const owner of owners) {
          const own = yield* sendOwned(
            job,
            part.filter((each) => each.owner === owner),
            request,
          )
          for (const [trace, id] of own) ids.set(trace, id)
        }
      continue
    }
    for (const { owner, trace } of part) {
      const written = result.success.written.get(trace)
      const reason = result.success.failed.get(trace)
      if (written !== undefined) ids.set(trace, written.id)
      else job.failures.set(owner, Errors.fail(request.operation.name, reason ?? UNNAMED))
    }
  }
  return ids
})

const UNNAMED: Reason = new UnknownOutcome({ message: "the answer does not name what was sent" })

const LINES = Operations.objects(Lines.TYPE)

const writeLines = Effect.fnUntraced(function* (job: Job, records: ReadonlyArray<Written>): Effect.fn.Return<void> {
  const { client, keyProperty } = job.session
  const planned = records.filter(({ plan }) => plan.lines !== undefined)
  const upserts: Array<OwnedInput> = []
  const updates: Array<OwnedInput> = []
  for (const { plan, trace } of planned) {
    plan.lines?.upserts.forEach(({ carried, writes }, index) => {
      upserts.push({ owner: trace, trace: `${trace}.${index}`, id: carried, writes })
    })
    plan.lines?.updates.forEach(({ id, writes }, index) => {
      updates.push({ owner: trace, trace: `${trace}.${index}`, id, writes })
    })
  }
  const made = yield* sendOwned(job, upserts, {
    operation: LINES.batchUpsert,
    send: (part) => Send.upsert(client, Lines.TYPE, keyProperty, part),
  })
  yield* sendOwned(job, updates, {
    operation: LINES.batchUpdate,
    send: (part) => Send.update(client, Lines.TYPE, part),
  })
  const pairs = upserts.flatMap(({ owner, trace }) => {
    const id = made.get(trace)
    return id === undefined ? [] : [{ owner, line: id }]
  })
  const attached = new Set(pairs.map(({ owner }) => owner))
  const documents = alive(job, planned).filter(({ trace }) => attached.has(trace))
  yield* together(job, documents, (some) => {
    const ids = new Map(some.map(({ id, trace }) => [trace, id]))
    const own = pairs.flatMap(({ line, owner }) => {
      const from = ids.get(owner)
      return from === undefined ? [] : [{ from, to: line }]
    })
    return Associations.associate(client, { from: job.mapping.type, to: Lines.TYPE }, own)
  })
  yield* archiveLines(job, alive(job, planned))
})

/** Last, so that a document is never without the lines that it is to have. */
const archiveLines = (job: Job, records: ReadonlyArray<Written>) =>
  together(
    job,
    records.filter(({ plan }) => (plan.lines?.archives.length ?? 0) > 0),
    (some) =>
      archive(
        job.session,
        Lines.TYPE,
        some.flatMap(({ plan }) => plan.lines?.archives ?? []),
      ),
  )

/** Archives any number of records; unknown and archived ones change nothing. */
export const archive = (session: Session.Session, type: Mapping.ObjectType, ids: ReadonlyArray<string>) =>
  Effect.forEach(
    chunks([...new Set(ids)], Limits.BATCH),
    (part) =>
      session.client.call(Operations.objects(type).batchArchive, (api, door) =>
        api.POST("/crm/objects/2026-09/{objectType}/batch/archive", {
          ...door,
          params: { path: { objectType: type } },
          body: { inputs: part.map((id) => ({ id })) },
        }),
      ),
    { discard: true },
  )

const NOTHING = { add: [], set: [], unlabel: [], remove: [] } as const satisfies Omit<Plan.LinkPlan, "field" | "link">

/** The associations of one field, a step at a time: what a step cannot do for a record keeps the later ones from it. */
const writeLink = Effect.fnUntraced(function* (
  job: Job,
  records: ReadonlyArray<Written>,
  field: string,
  to: Mapping.ObjectType,
): Effect.fn.Return<void> {
  const { client } = job.session
  const between = { from: job.mapping.type, to }
  const of = ({ plan }: Written) => plan.links.find((link) => link.field === field) ?? NOTHING
  const step = <A>(
    pick: (link: typeof NOTHING | Plan.LinkPlan) => ReadonlyArray<A>,
    send: (pairs: ReadonlyArray<readonly [from: string, each: A]>) => Effect.Effect<void, ConnectorError>,
  ) =>
    together(
      job,
      alive(job, records).filter((record) => pick(of(record)).length > 0),
      (some) => send(some.flatMap((record) => pick(of(record)).map((each) => [record.id, each] as const))),
    )
  const pairs = (all: ReadonlyArray<readonly [string, string]>) => all.map(([from, id]) => ({ from, to: id }))
  const labelled = (all: ReadonlyArray<readonly [string, Plan.LinkPlan["set"][number]]>) =>
    all.map(([from, each]) => ({ from, ...each }))
  // The new parent first: there is no moment at which the record has none.
  yield* step(
    ({ add }) => add,
    (all) => Associations.associate(client, between, pairs(all)),
  )
  yield* step(
    ({ set }) => set,
    (all) => Associations.label(client, between, labelled(all)),
  )
  yield* step(
    ({ unlabel }) => unlabel,
    (all) => Associations.unlabel(client, between, labelled(all)),
  )
  yield* step(
    ({ remove }) => remove,
    (all) => Associations.dissociate(client, between, pairs(all)),
  )
})

const writeLinks = (job: Job, records: ReadonlyArray<Written>): Effect.Effect<void> =>
  Effect.forEach(Object.entries(job.mapping.links), ([field, { to }]) => writeLink(job, records, field, to), {
    discard: true,
  })

const writeLate = Effect.fnUntraced(function* (job: Job, records: ReadonlyArray<Written>): Effect.fn.Return<void> {
  const inputs = records
    .filter(({ plan }) => Object.keys(plan.late).length > 0)
    .map(({ id, plan, trace }) => ({ owner: trace, trace, id, writes: plan.late }))
  yield* sendOwned(job, inputs, {
    operation: Operations.objects(job.mapping.type).batchUpdate,
    send: (part) => Send.update(job.session.client, job.mapping.type, part),
  })
})

/** Completes records. The errors of those that could not be completed, by trace. */
export const complete = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  records: ReadonlyArray<Written>,
): Effect.fn.Return<ReadonlyMap<string, ConnectorError>> {
  const job: Job = { session, mapping, failures: new Map() }
  yield* writeLines(job, records)
  yield* writeLinks(job, alive(job, records))
  yield* writeLate(job, alive(job, records))
  return job.failures
})
