/** PUT, PATCH and DELETE: finds the target, puts the body on it, lets the form close, commits. */
import * as Apply from "./Apply.ts"
import { type EntityDef, keyColumns } from "./Entities.ts"
import * as Errors from "./Errors.ts"
import { cannotBeEmpty, type FormContext, IssueList } from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import { type Doc, type Row, row, stamp } from "./Record.ts"
import type { Issues } from "./Render.ts"
import { nextNumber } from "./Seed.ts"
import type { Pick } from "./Select.ts"
import type { ScalarMember } from "./Shapes.ts"
import type { AcumaticaWorld } from "./World.ts"
import { type Contract, NEW, unwrap } from "./Wrap.ts"

export interface WriteRequest {
  readonly world: AcumaticaWorld
  readonly context: FormContext
  readonly entity: EntityDef
  readonly version: string
  readonly contract: Contract
  readonly body: Apply.JsonObject
  /** Records that the filter of the address finds; absent without a filter. */
  readonly filtered?: ReadonlyArray<Doc>
  readonly ifMatch: boolean
  readonly ifNoneMatch: boolean
  readonly patch: boolean
}

export interface WriteResult {
  readonly doc: Doc
  readonly sent: Pick
  readonly changed: boolean
  /** There when the write was refused: nothing was saved. */
  readonly issues?: Issues
}

const keyMembers = (request: WriteRequest): ReadonlyArray<ScalarMember> => {
  const shape = request.world.shapes.of(request.entity.name, request.version)
  return request.entity.keys.map((name) => shape.get(name)).filter((one) => one?.kind === "scalar")
}

/** Key values of the body, by column; what is not there is empty. */
const keyOf = (request: WriteRequest): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const member of keyMembers(request)) {
    const given = request.body[member.name]
    const read = given === undefined ? undefined : unwrap(given, member, request.world.knobs)
    if (read?.tag === "bad") throw Errors.malformed(`entity.${member.name}`, read.message)
    const cell = read?.tag === "value" && typeof read.cell === "string" ? read.cell.trim() : ""
    found.set(member.source, cell === NEW ? "" : cell)
  }
  return found
}

const byFilter = (request: WriteRequest, found: ReadonlyArray<Doc>): Doc | undefined => {
  if (found.length > 1 && request.world.knobs.severalMatches === "error") {
    throw Errors.refuse(500, { exceptionMessage: "More than one entity satisfies the condition." })
  }
  const [first] = found
  return first === undefined ? undefined : request.context.tenant.store(request.entity.store).latest(first.id)
}

/** By the filter of the address, then by `id`, then by the keys of the body. */
const target = (request: WriteRequest, key: ReadonlyMap<string, string>): Doc | undefined => {
  if (request.filtered !== undefined) {
    const found = byFilter(request, request.filtered)
    if (found !== undefined) return found
  }
  const store = request.context.tenant.store(request.entity.store)
  const id = request.body["id"]
  const byId = typeof id === "string" ? store.latest(id.toLowerCase()) : undefined
  if (byId !== undefined) return byId
  const { keyDefaults } = request.entity
  const values = keyColumns(request.entity.store).map((column) => key.get(column) || keyDefaults?.[column] || "")
  const found = values.every((one) => one !== "") ? store.findLatest(values) : undefined
  return found !== undefined && request.world.shown(request.entity, found) ? found : undefined
}

const preconditions = (request: WriteRequest, found: Doc | undefined): void => {
  if (request.patch && request.ifNoneMatch) throw Errors.preconditionFailed(found !== undefined)
  if (request.patch && found === undefined) throw Errors.notFound(`${request.entity.name} with these keys`)
  if (request.ifNoneMatch && found !== undefined) throw Errors.preconditionFailed(true)
  if (request.ifMatch && found === undefined) throw Errors.preconditionFailed(false)
}

/** `InventoryID` as the form shows it, `Inventory ID`. */
const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1 $2")

const numberFor = (request: WriteRequest, given: string, issues: IssueList, doc: Doc, column: string): string => {
  const { knobs } = request.world
  const manual = knobs.numbering[request.entity.name] === "manual" && request.entity.store !== "contacts"
  if (manual) {
    if (given === "") issues.add(doc, column, cannotBeEmpty(spaced(request.entity.numbered.member)))
    return given
  }
  if (given !== "" && knobs.keyMissingOnAuto === "insert") return given
  if (given !== "" && knobs.keyMissingOnAuto === "error") {
    issues.add(doc, column, "The number is assigned automatically.")
    return given
  }
  return NEW
}

/** A record that is not there yet: its key is settled, its number is drawn only when it is saved. */
const insertion = (request: WriteRequest, key: ReadonlyMap<string, string>, issues: IssueList): Doc => {
  const now = stamp(request.context.now)
  const doc: Doc = { ...row(request.context.guid()), created: now, modified: now }
  Forms.of(request.entity.store).open(doc, request.context)
  if (request.entity.store === "receivables") {
    doc.fields["Module"] = request.entity.name === "SalesInvoice" ? "SO" : "AR"
  }
  const columns = keyColumns(request.entity.store)
  for (const column of columns) {
    const given = key.get(column) ?? ""
    const last = column === columns.at(-1)
    if (last) doc.fields[column] = numberFor(request, given, issues, doc, column)
    else if (given !== "") doc.fields[column] = given
  }
  return doc
}

const applyContext = (request: WriteRequest, issues: IssueList, sent: Map<Row, Set<string>>): Apply.ApplyContext => ({
  shapes: request.world.shapes,
  version: request.version,
  contract: request.contract,
  knobs: request.world.knobs,
  entity: request.entity.name,
  keys: new Set(request.entity.keys),
  form: Forms.of(request.entity.store),
  custom: request.context.tenant.custom,
  guid: request.context.guid,
  issues,
  sent,
})

const content = (doc: Doc, withLinks: boolean): string =>
  JSON.stringify([doc.fields, doc.rows, doc.custom, doc.note, withLinks ? doc.links : null])

/** Contact and address data of a customer lie in tables of their own: an edit of only these may not move its stamp. */
const moveStamps = (request: WriteRequest, before: Doc, doc: Doc): void => {
  const now = stamp(request.context.now)
  const own = request.patch || request.entity.store !== "accounts" || content(before, false) !== content(doc, false)
  const { addressEditMoves } = request.world.knobs
  if (own || addressEditMoves === "customer") doc.modified = now
  if (request.entity.store === "accounts" && (own || addressEditMoves !== "nothing")) doc.accountModified = now
}

const commit = (request: WriteRequest, before: Doc | undefined, doc: Doc): boolean => {
  const { context, entity, world } = request
  if (world.knobs.savesNothing.includes(entity.name)) return false
  if (before !== undefined && !request.patch && content(before, true) === content(doc, true)) return false
  const column = keyColumns(entity.store).at(-1) ?? ""
  if (doc.fields[column] === NEW) doc.fields[column] = nextNumber(context, entity)
  if (before !== undefined) moveStamps(request, before, doc)
  world.save(context.tenant, entity.store, before, doc)
  return true
}

const recordIssue = (request: WriteRequest, issues: IssueList, doc: Doc, isNew: boolean): void => {
  issues.record(
    doc,
    `${isNew ? "Inserting" : "Updating"} '${request.entity.title}' record raised at least one error. Please review the errors.`,
  )
}

export const put = (request: WriteRequest): WriteResult => {
  const key = keyOf(request)
  const before = target(request, key)
  preconditions(request, before)
  const issues = new IssueList()
  const sent = new Map<Row, Set<string>>()
  const doc = before === undefined ? insertion(request, key, issues) : structuredClone(before)
  const shown = Apply.apply(applyContext(request, issues, sent), doc, request.body, request.entity.name)
  Forms.of(request.entity.store).close({ doc, before, sent, context: request.context, issues })
  if (issues.any) {
    recordIssue(request, issues, doc, before === undefined)
    return { doc, sent: shown, changed: false, issues: issues.byRow }
  }
  return { doc, sent: shown, changed: commit(request, before, doc) }
}

export const remove = (world: AcumaticaWorld, context: FormContext, entity: EntityDef, doc: Doc): void => {
  const reason = Forms.of(entity.store).keeps(doc, context)
  if (reason !== undefined) throw Errors.refuse(500, { exceptionMessage: reason })
  world.drop(context.tenant, entity.store, doc)
}
