/**
 * Work that is done later: any request on records that prefers so, and every operation on many records. A job has a task
 * for each record; what a task answered is read from its result. Oracle: help, chapter 161251386312, article 0127092747.
 */
import * as Json from "@mortise/core/Json"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Body from "./Body.ts"
import { type Call, json, prefers } from "./Call.ts"
import * as Errors from "./Errors.ts"
import { RECORDS, REST } from "./Spec.ts"
import type { Job, Task, TaskRequest } from "./State.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

export const JOBS = `${REST}/async/v1/job`
export const MOST = 100
const SECOND = 1000

/** Lets a task's request go through; what it answers is kept. */
export type Perform = (request: TwinRequest) => TwinReply

const taken = (request: TwinRequest, url: string, method: string, body: string): TaskRequest => ({
  method,
  url,
  headers: [...request.headers].filter(([name]) => /^(x-netsuite-property|content-type)/.test(name)),
  body,
})

const listOf = (body: string): ReadonlyArray<unknown> => {
  const { items } = Body.parse(body) as { readonly items?: unknown }
  if (!Array.isArray(items) || items.length === 0) throw Errors.badRequest("A collection needs items.")
  if (items.length > MOST) throw Errors.badRequest(`A batch takes at most ${MOST} records.`)
  return items
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : value instanceof Json.JsonNumber ? value.text : undefined

/** An internal id wins over an external one; an upsert takes the external one alone. */
const addressOf = (item: unknown, method: string): string => {
  const { externalId, id } = item as { readonly id?: unknown; readonly externalId?: unknown }
  const [internal, external] = [text(id), text(externalId)]
  if (method === "PUT") return external === undefined ? "-" : `eid:${external}`
  return internal ?? (external === undefined ? "-" : `eid:${external}`)
}

const at = (url: URL, more: string): string => {
  const copy = new URL(url)
  copy.pathname = more === "" ? url.pathname : `${url.pathname}/${encodeURIComponent(more).replace(/^eid%3A/, "eid:")}`
  for (const name of ["ids", "expandRecords"]) copy.searchParams.delete(name)
  return copy.href
}

const singular = (request: TaskRequest): TaskRequest => ({
  ...request,
  headers: [
    ...request.headers.filter(([name]) => name !== "content-type"),
    ["content-type", "application/vnd.oracle.resource+json; type=singular"],
  ],
})

const isBatch = ({ body, headers, method, path, url }: TwinRequest): boolean => {
  const onCollection = path.slice(RECORDS.length + 1).split("/").length === 1
  if (!onCollection) return false
  if (method === "GET") return url.searchParams.get("expandRecords") === "true"
  return method !== "POST" || /type=collection/.test(headers.get("content-type") ?? "")
    ? body !== "" || method === "DELETE"
    : false
}

/** The requests that a job is made of, one for each record. */
const requestsOf = (request: TwinRequest): ReadonlyArray<TaskRequest> => {
  const { body, method, url } = request
  if (!isBatch(request)) return [taken(request, url.href, method, body)]
  if (method === "GET" || method === "DELETE") {
    const ids = (url.searchParams.get("ids") ?? "").split(",").filter((one) => one !== "")
    if (ids.length === 0) throw Errors.badParameter("Ids are needed.", "ids")
    if (ids.length > MOST) throw Errors.badRequest(`A batch takes at most ${MOST} records.`)
    return ids.map((id) => taken(request, at(url, id), method, ""))
  }
  return listOf(body).map((item) => {
    const address = method === "POST" ? "" : addressOf(item, method)
    return singular(taken(request, at(url, address), method, Json.stringify(item)))
  })
}

/** One after the other, or all at once. */
const scheduled = (world: NetSuiteWorld, request: TwinRequest): ReadonlyArray<Task> => {
  const parallel = prefers(request, "batch-processing=parallel") || world.knobs.batchMode === "parallel"
  const { taskMillis } = world.knobs
  return requestsOf(request).map((one, index): Task => {
    const startsAt = world.now() + (parallel ? 0 : index * taskMillis)
    return { id: String(index + 1), request: one, startsAt, endsAt: startsAt + taskMillis }
  })
}

const repeated = (world: NetSuiteWorld, key: string): Job | undefined => {
  const { idempotencyMillis } = world.knobs
  const since = idempotencyMillis === null ? Number.NEGATIVE_INFINITY : world.now() - idempotencyMillis
  return world.state.jobs.find((job) => job.idempotencyKey === key && job.createdAt > since)
}

const accepted = (call: Call, id: string): Readonly<{ [name: string]: string }> => ({
  location: `${call.origin}${JOBS}/${id}`,
  "preference-applied": "respond-async",
})

export const isAsync = (request: TwinRequest): boolean => prefers(request, "respond-async")

/** Whether the request is for many records, which are only ever dealt with by a job. */
export const needsJob = (request: TwinRequest): boolean => request.path.startsWith(`${RECORDS}/`) && isBatch(request)

export const submit = (call: Call): TwinReply => {
  const { request, world } = call
  const key = request.headers.get("x-netsuite-idempotency-key")
  const first = key === null ? undefined : repeated(world, key)
  if (first !== undefined) {
    const detail = "A request with the same idempotency key was already accepted."
    return Errors.reply(400, [{ detail, code: "IDEMPOTENCY_ERROR" }], {
      title: "Conflict",
      headers: accepted(call, first.id),
    })
  }
  const tasks = scheduled(world, request)
  const id = String(world.state.jobs.length + 1)
  const job: Job = { id, createdAt: world.now(), tasks, ...(key === null ? {} : { idempotencyKey: key }) }
  world.state.jobs.push(job)
  return { status: 202, headers: accepted(call, id), changed: true }
}

/** Runs the tasks whose time has come, in the order of their ends. */
export const settle = (world: NetSuiteWorld, perform: Perform): void => {
  const now = world.now()
  const due = world.state.jobs
    .flatMap((job) => job.tasks)
    .filter((task) => task.reply === undefined && task.endsAt <= now)
    .toSorted((a, b) => a.endsAt - b.endsAt)
  for (const task of due) {
    const { body, headers, method, url } = task.request
    const address = new URL(url)
    const own = new Headers(headers.map(([name, value]): [string, string] => [name, value]))
    task.reply = perform({
      index: 0,
      method,
      url: address,
      path: address.pathname,
      headers: own,
      body,
      at: task.endsAt,
    })
  }
}

const shownTask = ({ origin, world }: Call, job: Job, task: Task) => {
  const href = `${origin}${JOBS}/${job.id}/task/${task.id}`
  const done = task.reply !== undefined
  const failed = (task.reply?.status ?? 200) >= 400
  return {
    links: [{ rel: "self", href }, ...(done ? [{ rel: "related", href: `${href}/result` }] : [])],
    id: task.id,
    completed: done,
    progress: done ? (failed ? "failed" : "succeeded") : task.startsAt <= world.now() ? "processing" : "pending",
    ...(task.startsAt <= world.now() ? { startTime: Zone.utc(task.startsAt, SECOND) } : {}),
    ...(done ? { endTime: Zone.utc(task.endsAt, SECOND) } : {}),
  }
}

const jobOf = (call: Call, job: Job): TwinReply => {
  const completed = job.tasks.every((task) => task.reply !== undefined)
  const failed = job.tasks.some((task) => (task.reply?.status ?? 200) >= 400)
  const href = `${call.origin}${JOBS}/${job.id}`
  return json(200, {
    links: [{ rel: "self", href }],
    id: job.id,
    completed,
    progress: completed ? (failed ? "failed" : "succeeded") : "processing",
    task: { links: [{ rel: "self", href: `${href}/task` }] },
  })
}

/** `rest` is what stands behind `/async/v1/job/`. */
export const handle = (call: Call, rest: ReadonlyArray<string>): TwinReply => {
  const [id = "", , taskId, result] = rest
  const job = call.world.state.jobs.find((one) => one.id === id)
  if (job === undefined) throw Errors.gone()
  if (rest.length === 1) return jobOf(call, job)
  if (taskId === undefined) {
    const items = job.tasks.map((task) => shownTask(call, job, task))
    return json(200, { links: [], items, count: items.length, hasMore: false, offset: 0, totalResults: items.length })
  }
  const task = job.tasks.find((one) => one.id === taskId)
  if (task === undefined) throw Errors.gone()
  if (result === undefined) return json(200, shownTask(call, job, task))
  if (task.reply === undefined) throw Errors.gone()
  const { changed: _, ...reply } = task.reply
  return reply
}
