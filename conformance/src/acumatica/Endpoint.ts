/** Requests to one version of an endpoint: lists, reads by key, writes, actions, the schema of own fields. */
import * as Json from "@mortise/core/Json"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Actions from "./Actions.ts"
import { isObject, type JsonObject } from "./Apply.ts"
import { type EntityDef, find as findEntity } from "./Entities.ts"
import * as Errors from "./Errors.ts"
import * as Filter from "./Filter.ts"
import type { FormContext } from "./forms/Form.ts"
import * as Guid from "./Guid.ts"
import type { View } from "./Members.ts"
import type { Doc } from "./Record.ts"
import { type Issues, type RenderContext, render } from "./Render.ts"
import * as Select from "./Select.ts"
import type { Session } from "./State.ts"
import type { Tenant } from "./Tenant.ts"
import type { AcumaticaWorld } from "./World.ts"
import { type Contract, contractOf, unwrap } from "./Wrap.ts"
import * as Write from "./Write.ts"

export interface EndpointCall {
  readonly world: AcumaticaWorld
  readonly session: Session
  readonly request: TwinRequest
  readonly origin: string
  readonly instancePath: string
  /** `/entity/Default/24.200.001` */
  readonly endpointPath: string
  /** Version of the system endpoint whose shapes are served. */
  readonly version: string
  /** Decoded path segments after the version: entity, then keys or an action. */
  readonly segments: ReadonlyArray<string>
}

interface Scene extends EndpointCall {
  readonly entity: EntityDef
  readonly tenant: Tenant
  readonly contract: Contract
  readonly view: View
  readonly context: FormContext
  readonly query: Select.Query
}

const release = (version: string): number => Number(version.split(".")[0])

const queryOf = (url: URL): Select.Query => {
  const read = (name: string) => url.searchParams.get(name) ?? undefined
  const [select, expand, custom] = [read("$select"), read("$expand"), read("$custom")]
  return {
    ...(select === undefined ? {} : { select }),
    ...(expand === undefined ? {} : { expand }),
    ...(custom === undefined ? {} : { custom }),
  }
}

const sceneOf = (call: EndpointCall, entity: EntityDef): Scene => {
  const { request, session, world } = call
  const tenant = world.tenant(session.tenant)
  const branch = request.headers.get("px-cbapibranch") ?? session.branch
  const date = request.headers.get("px-cbapibusinessdate") ?? undefined
  return {
    ...call,
    entity,
    tenant,
    contract: contractOf(call.version),
    view: { tenant, shapes: world.shapes, knobs: world.knobs },
    context: world.formContext(tenant, branch, date?.slice(0, 10)),
    query: queryOf(request.url),
  }
}

const renderContext = (scene: Scene, issues?: Issues): RenderContext => ({
  view: scene.view,
  version: scene.version,
  contract: scene.contract,
  entity: scene.entity.name,
  graph: scene.entity.graph,
  base: scene.instancePath + scene.endpointPath,
  ...(issues === undefined ? {} : { issues }),
})

const pickOf = (scene: Scene): Select.Pick =>
  Select.fromQuery(
    { shapes: scene.world.shapes, version: scene.version },
    scene.entity.name,
    scene.contract,
    scene.query,
  )

const filterOf = (scene: Scene): Filter.Filter | undefined => {
  const text = scene.request.url.searchParams.get("$filter")
  if (text === null || text.trim() === "") return undefined
  return Filter.compile(text, {
    entity: scene.entity,
    version: scene.version,
    view: scene.view,
    knobs: scene.world.knobs,
    customType: (view, field) =>
      scene.tenant.custom.find((one) => one.entity === scene.entity.name && one.view === view && one.field === field)
        ?.type,
  })
}

/** Lists go to the database in one statement; a member that is computed in code makes that impossible. */
const refuseUnoptimizable = (scene: Scene, filter: Filter.Filter | undefined): void => {
  const known = [...scene.entity.nonOptimizable, ...(scene.world.knobs.nonOptimizable[scene.entity.name] ?? [])]
  const touched = new Set([...Select.touched(scene.query, scene.contract), ...(filter?.members ?? [])])
  const faulty = known.filter((one) => touched.has(one))
  if (faulty.length > 0) throw Errors.cannotOptimize(scene.entity.name, faulty)
}

const nonKeyFilter = (scene: Scene, filter: Filter.Filter | undefined): "error" | "empty" | undefined => {
  const rule = scene.world.knobs.nonKeyFilters[scene.entity.name]
  const beyond = [...(filter?.members ?? [])].some((one) => !scene.entity.keys.includes(one))
  return beyond ? rule : undefined
}

const docs = (scene: Scene): Iterable<Doc> => {
  const { listOrder } = scene.world.knobs
  const store = scene.tenant.store(scene.entity.store)
  return listOrder === "key"
    ? store.list("key")
    : store.list("shuffled", listOrder === "shuffled" ? 0 : scene.world.salt())
}

const matching = (scene: Scene, filter: Filter.Filter | undefined, skip: number, top: number): ReadonlyArray<Doc> => {
  const found: Array<Doc> = []
  let passed = 0
  if (top <= 0) return found
  for (const doc of docs(scene)) {
    if (!scene.world.shown(scene.entity, doc) || filter?.test(doc) === false) continue
    passed += 1
    if (passed > skip) found.push(doc)
    if (found.length >= top) break
  }
  return found
}

const count = (scene: Scene, name: string, otherwise: number): number => {
  const text = scene.request.url.searchParams.get(name)
  return text === null || !/^\d+$/.test(text) ? otherwise : Number(text)
}

const list = (scene: Scene): TwinReply => {
  const filter = filterOf(scene)
  const pick = pickOf(scene)
  refuseUnoptimizable(scene, filter)
  const rule = nonKeyFilter(scene, filter)
  if (rule === "error") throw Errors.badQuery("The filter cannot be applied to this form.")
  const found =
    rule === "empty"
      ? []
      : matching(scene, filter, count(scene, "$skip", 0), count(scene, "$top", Number.POSITIVE_INFINITY))
  const context = renderContext(scene)
  return Errors.json(
    200,
    found.map((doc, index) => render(context, doc, scene.entity.name, pick, index + 1)),
  )
}

const missing = (scene: Scene): Errors.Refusal =>
  scene.world.knobs.missingRecord === 404
    ? Errors.notFound(`${scene.entity.name} with these keys`)
    : Errors.refuse(500, {
        exceptionMessage: "No entity satisfies the condition.",
        exceptionType: "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException",
      })

/** Keys in the order of the form, parted by `/` or `|`; a single GUID is the id. */
const byKeys = (scene: Scene, latest: boolean): Doc => {
  const keys = scene.segments.slice(1).flatMap((one) => one.split(/[/|]/))
  const [only = ""] = keys
  const store = scene.tenant.store(scene.entity.store)
  const byId = keys.length === 1 && Guid.is(only)
  const doc = byId
    ? latest
      ? store.latest(only.toLowerCase())
      : store.get(only.toLowerCase())
    : latest
      ? store.findLatest(keys)
      : store.find(keys)
  if (doc === undefined || !scene.world.shown(scene.entity, doc)) throw missing(scene)
  return doc
}

const one = (scene: Scene): TwinReply =>
  Errors.json(200, render(renderContext(scene), byKeys(scene, false), scene.entity.name, pickOf(scene), 1))

const bodyOf = (scene: Scene): JsonObject => {
  let body: Json.Json
  try {
    body = Json.parse(scene.request.body)
  } catch {
    throw Errors.malformed("entity", "The body is not valid JSON.")
  }
  if (!isObject(body)) throw Errors.malformed("entity", "An object is expected.")
  return body
}

/** What was sent, with what the query asks for beside it. */
const echoPick = (scene: Scene, sent: Select.Pick): Select.Pick => {
  const asked = scene.query.select === undefined ? { ...scene.query, select: "id" } : scene.query
  const nested = scene.query.select === undefined ? pickOf(scene).nested : new Map<string, Select.Pick>()
  const both = Select.union(sent, pickOf({ ...scene, query: asked }))
  for (const [name, below] of nested) both.nested.set(name, below)
  if (scene.world.knobs.echoKeys) for (const key of scene.entity.keys) both.fields.add(key)
  return both
}

/** Contract 3 knows no 422: the texts come in an error. */
const refused = (scene: Scene, result: Write.WriteResult, issues: Issues): TwinReply => {
  if (scene.contract === 3) {
    const texts = [...issues.values()].flatMap((each) => [...each.values()])
    throw Errors.refuse(500, { exceptionMessage: texts.join(" "), exceptionType: "PX.Data.PXOuterException" })
  }
  const pick = echoPick(scene, result.sent)
  for (const key of scene.entity.keys) pick.fields.add(key)
  for (const column of issues.get(result.doc)?.keys() ?? []) pick.fields.add(memberOf(scene, column))
  return Errors.json(422, render(renderContext(scene, issues), result.doc, scene.entity.name, pick, 1))
}

const memberOf = (scene: Scene, source: string): string =>
  [...scene.world.shapes.of(scene.entity.name, scene.version).values()].find((each) => each.source === source)?.name ??
  source

const existing = (scene: Scene): ReadonlyArray<Doc> | undefined => {
  const filter = filterOf(scene)
  if (filter === undefined) return undefined
  refuseUnoptimizable({ ...scene, query: {} }, filter)
  return matching(scene, filter, 0, 2)
}

const write = (scene: Scene, patch: boolean): TwinReply => {
  const filtered = existing(scene)
  const result = Write.put({
    world: scene.world,
    context: scene.context,
    entity: scene.entity,
    version: scene.version,
    contract: scene.contract,
    body: bodyOf(scene),
    ...(filtered === undefined ? {} : { filtered }),
    ifMatch: scene.request.headers.get("if-match") === "*",
    ifNoneMatch: scene.request.headers.get("if-none-match") === "*",
    patch,
  })
  if (result.issues !== undefined) return refused(scene, result, result.issues)
  const pick = echoPick(scene, result.sent)
  return {
    ...Errors.json(200, render(renderContext(scene), result.doc, scene.entity.name, pick, 1)),
    changed: result.changed,
  }
}

const remove = (scene: Scene): TwinReply => {
  Write.remove(scene.world, scene.context, scene.entity, byKeys(scene, true))
  return { status: 204, changed: true }
}

/** The record with every own field that the tenant has, all of them null. */
const adHocSchema = (scene: Scene): TwinReply => {
  const views: Record<string, Record<string, unknown>> = {}
  for (const def of scene.tenant.custom) {
    if (def.entity !== scene.entity.name || def.path !== "") continue
    views[def.view] = { ...views[def.view], [def.field]: { type: `Custom${def.type}Field`, value: null } }
  }
  const members: Record<string, unknown> = {}
  for (const [name, member] of scene.world.shapes.of(scene.entity.name, scene.version)) {
    members[name] = member.kind === "scalar" ? { value: null } : member.kind === "rows" ? [lineSchema(scene, name)] : {}
  }
  const workflow = release(scene.version) >= 25 ? { _workflowActions: {} } : {}
  return Errors.json(200, { ...members, custom: views, ...workflow })
}

const lineSchema = (scene: Scene, path: string): Record<string, unknown> => {
  const views: Record<string, Record<string, unknown>> = {}
  for (const def of scene.tenant.custom) {
    if (def.entity !== scene.entity.name || def.path !== path) continue
    views[def.view] = { ...views[def.view], [def.field]: { type: `Custom${def.type}Field`, value: null } }
  }
  return { custom: views }
}

/** The record that an action is for: by the id or the keys in `entity`. */
const actionTarget = (scene: Scene): Doc => {
  const { entity: named } = bodyOf(scene)
  if (!isObject(named)) throw Errors.malformed("entity", "The member is required.")
  const store = scene.tenant.store(scene.entity.store)
  const id = named["id"]
  if (typeof id === "string") return store.latest(id) ?? raise(missing(scene))
  const shape = scene.world.shapes.of(scene.entity.name, scene.version)
  const key = scene.entity.keys.map((name) => {
    const member = shape.get(name)
    const given = named[name]
    const read = member?.kind === "scalar" && given !== undefined ? unwrap(given, member, scene.world.knobs) : undefined
    return read?.tag === "value" && typeof read.cell === "string" ? read.cell : ""
  })
  return store.findLatest(key) ?? raise(missing(scene))
}

const raise = (refusal: Errors.Refusal): never => {
  throw refusal
}

const action = (scene: Scene, name: string): TwinReply => {
  if (Actions.find(scene.entity.name, name, scene.version) === undefined) throw Errors.notFound(`The action ${name}`)
  return Actions.invoke({ ...scene, action: name, doc: actionTarget(scene) })
}

const POLL = "status"

const isPoll = (call: EndpointCall): boolean =>
  call.request.method === "GET" && call.segments.length === 4 && call.segments[2] === POLL

const notAcceptable = (): TwinReply => Errors.page(406, "Not Acceptable")

const dispatch = (scene: Scene): TwinReply => {
  const { method } = scene.request
  const rest = scene.segments.slice(1)
  const [first] = rest
  if (method === "GET") {
    if (first === undefined) return list(scene)
    return first === "$adHocSchema" && rest.length === 1 ? adHocSchema(scene) : one(scene)
  }
  if (method === "PUT" && first === undefined) return write(scene, false)
  if (method === "PATCH" && first === undefined && release(scene.version) >= 25) return write(scene, true)
  if (method === "DELETE" && first !== undefined) return remove(scene)
  if (method === "POST") return first === undefined ? notAcceptable() : action(scene, first)
  return Errors.page(405, "Method Not Allowed")
}

export const handle = (call: EndpointCall): TwinReply => {
  const [name = ""] = call.segments
  const entity = findEntity(name)
  const known = entity !== undefined && call.world.shapes.of(entity.name, call.version).size > 0
  if (!known) throw Errors.notFound(`The entity ${name}`)
  if (isPoll(call)) return Actions.poll(call.world, call.segments[3] ?? "", call.request.url.href)
  const scene = sceneOf(call, entity)
  if (scene.tenant.forbidden.includes(entity.name)) throw Errors.forbidden(entity.name)
  Actions.refuseWhileBusy(call.world, call.session, entity, call.version)
  return dispatch(scene)
}
