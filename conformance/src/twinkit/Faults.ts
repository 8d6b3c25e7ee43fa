/** What is wrong with a declaration, each with its place and the mend. */
import * as Data from "effect/Data"
import type { Auth, Collection, Declaration, Field, Fields, Limit, Paging } from "./Declaration.ts"

export interface Fault {
  readonly path: string
  readonly message: string
  readonly mend: string
}

/** The declaration makes no API. All its faults at once. */
export class BadDeclaration extends Data.TaggedError("BadDeclaration")<{ readonly faults: ReadonlyArray<Fault> }> {
  override get message(): string {
    const [first] = this.faults
    const more = this.faults.length > 1 ? ` (and ${this.faults.length - 1} more)` : ""
    return `${first?.path}: ${first?.message}; ${first?.mend}${more}`
  }
}

type Note = (path: string, message: string, mend: string) => void

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1
const isText = (value: unknown): boolean => typeof value === "string" && value !== ""

const TYPES = ["text", "integer", "number", "decimal", "boolean", "date", "dateTime", "object", "list"]
const NAME = /^[A-Za-z_$][\w.$-]*$/

const text = (note: Note, path: string, value: unknown, example: string): void => {
  if (!isText(value)) note(path, "is not a text, or empty", `give one, such as ${example}`)
}

const count = (note: Note, path: string, value: unknown): void => {
  if (!isCount(value)) note(path, "is no whole number of at least 1", "give how many there really are")
}

const address = (note: Note, { base, origin }: Declaration): void => {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
    note("origin", "is no origin", "give scheme and host without a path, such as https://api.example.com")
  }
  if (base !== undefined && !/^(?:\/[^/?#]+)+$/.test(base)) {
    note("base", "is no path", "begin it with a slash and end it without one, such as /v1")
  }
}

const oauth = (note: Note, given: Extract<Auth, { readonly scheme: "oauth" }>): void => {
  text(note, "auth.clientId", given.clientId, "a made-up id")
  text(note, "auth.clientSecret", given.clientSecret, "a made-up secret")
  if (!/^\//.test(given.tokenPath ?? "")) note("auth.tokenPath", "is no path", "begin it with a slash")
  if (!(given.lifetimeSeconds > 0)) note("auth.lifetimeSeconds", "is not above 0", "give seconds, such as 3600")
  if (!Array.isArray(given.grants) || given.grants.length === 0) {
    note("auth.grants", "names no grant", 'name "client_credentials" or "refresh_token"')
  } else if (given.grants.includes("refresh_token") && !isText(given.refreshToken)) {
    note("auth.refreshToken", "is missing", "give the refresh token of the consent that the adapter starts with")
  }
}

/** What each scheme needs, with an example of it. */
const CREDENTIALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  bearer: { token: "a made-up token" },
  basic: { user: "a made-up user", password: "a made-up password" },
  apiKey: { header: "x-api-key", key: "a made-up key" },
}

const auth = (note: Note, given: Auth): void => {
  const needed = CREDENTIALS[given?.scheme]
  if (given?.scheme === "oauth") oauth(note, given)
  else if (needed === undefined) note("auth.scheme", "is unknown", "take none, bearer, basic, apiKey or oauth")
  else {
    for (const [name, example] of Object.entries(needed)) {
      text(note, `auth.${name}`, (given as unknown as Record<string, unknown>)[name], example)
    }
  }
}

const limit = (note: Note, path: string, given: Limit): void => {
  count(note, `${path}.requests`, given?.requests)
  switch (given?.kind) {
    case "window":
      if (!(given.millis > 0)) note(`${path}.millis`, "is not above 0", "give milliseconds, such as 60000 for a minute")
      return
    case "burst":
      if (!(given.perSecond > 0)) note(`${path}.perSecond`, "is not above 0", "give how fast the bucket fills")
      return
    case "concurrency":
      if (!(given.latencyMillis > 0)) {
        note(`${path}.latencyMillis`, "is not above 0", "give how long a request takes: without, no two meet")
      }
      return
    default:
      note(`${path}.kind`, "is unknown", "take window, burst or concurrency")
  }
}

/** The query parameters of each style. */
const PARAMETERS = {
  page: ["page"],
  offset: ["offset"],
  cursor: ["cursor", "next"],
  link: ["cursor"],
  keyset: ["after"],
}

const paging = (note: Note, path: string, given: Paging): void => {
  const names: ReadonlyArray<string> | undefined = PARAMETERS[given?.style]
  if (names === undefined) {
    note(`${path}.style`, "is unknown", "take page, offset, cursor, link or keyset")
    return
  }
  for (const name of [...names, "size"]) {
    text(note, `${path}.${name}`, (given as unknown as Record<string, unknown>)[name], `"${name}"`)
  }
  count(note, `${path}.default`, given.default)
  count(note, `${path}.most`, given.most)
  if (given.default > given.most) note(`${path}.default`, "is above `most`", "make it at most that")
  if (given.reach !== undefined) count(note, `${path}.reach`, given.reach)
  const beside = ["total", "more", "next"].some((name) => isText((given as unknown as Record<string, unknown>)[name]))
  if (beside && given.items === undefined) {
    note(`${path}.items`, "is missing, and something stands beside the records", "name the member of the records")
  }
}

const field = (note: Note, path: string, given: Field, declaration: Declaration): void => {
  if (!TYPES.includes(given?.type)) {
    note(`${path}.type`, "is unknown", `take ${TYPES.join(", ")}`)
    return
  }
  if (given.type === "object") fields(note, `${path}.fields`, given.fields, declaration)
  if (given.type === "list") fields(note, `${path}.of`, given.of, declaration)
  if (given.unique === true && (given.type === "object" || given.type === "list")) {
    note(`${path}.unique`, "does not go with this type", "take a field with one value")
  }
  if (given.required === true && (given.readOnly === true || given.derive !== undefined)) {
    note(`${path}.required`, "asks of the client what only the vendor sets", "take `required` away")
  }
  if (given.references !== undefined && declaration.collections[given.references] === undefined) {
    note(`${path}.references`, "names no collection", `take ${Object.keys(declaration.collections).join(", ")}`)
  }
}

const fields = (note: Note, path: string, given: Fields, declaration: Declaration): void => {
  if (typeof given !== "object" || given === null) {
    note(path, "is missing", "declare the fields by name")
    return
  }
  for (const [name, each] of Object.entries(given)) {
    if (!NAME.test(name)) note(`${path}.${name}`, "is no name of a member", "take letters, digits and underscores")
    field(note, `${path}.${name}`, each, declaration)
  }
}

const named = (note: Note, path: string, name: string | undefined, { fields: known }: Collection): void => {
  if (name !== undefined && known?.[name] === undefined)
    note(path, `names no field (${name})`, "declare it in `fields`")
}

const collection = (note: Note, path: string, given: Collection, declaration: Declaration): void => {
  fields(note, `${path}.fields`, given.fields, declaration)
  text(note, `${path}.key.field`, given.key?.field, "id")
  if (!["number", "text", "client"].includes(given.key?.assigned)) {
    note(`${path}.key.assigned`, "is unknown", "take number, text or client")
  }
  if (given.fields?.[given.key?.field] !== undefined) {
    note(`${path}.fields.${given.key.field}`, "is the key, which is declared apart", "take it out of `fields`")
  }
  if (given.paging !== undefined) paging(note, `${path}.paging`, given.paging)
  for (const name of given.filters ?? []) named(note, `${path}.filters`, name, given)
  const { modified, revision, upsertBy } = given
  if (modified !== undefined) {
    text(note, `${path}.modified.field`, modified.field, "updated_at")
    if (!(modified.granularityMillis >= 1)) {
      note(`${path}.modified.granularityMillis`, "is below 1", "give milliseconds: 1000 for stamps of whole seconds")
    }
    if (modified.format === "epochSeconds" && modified.granularityMillis % 1000 !== 0) {
      note(`${path}.modified.granularityMillis`, "is finer than seconds", "make it 1000, or take epochMillis")
    }
    if ((modified.lagMillis ?? 0) < 0) note(`${path}.modified.lagMillis`, "is negative", "make it 0 or more")
  }
  if (revision !== undefined && revision.field === undefined && revision.etag !== true) {
    note(`${path}.revision`, "stands nowhere", "name a `field`, or set `etag`")
  }
  if (upsertBy !== undefined) {
    named(note, `${path}.upsertBy.field`, upsertBy.field, given)
    if (given.fields?.[upsertBy.field]?.unique !== true) {
      note(`${path}.upsertBy.field`, "is not unique", "declare the field `unique`: one value has to mean one record")
    }
  }
  if (typeof given.delete === "object") {
    named(note, `${path}.delete.flag`, given.delete.flag, given)
    if (given.fields?.[given.delete.flag]?.type !== "boolean") {
      note(`${path}.delete.flag`, "is no boolean", "declare a field of type boolean for it")
    }
  }
}

const paths = (note: Note, { collections }: Declaration): void => {
  const taken = new Map<string, string>()
  for (const [name, { path = name }] of Object.entries(collections)) {
    const other = taken.get(path)
    if (other !== undefined) note(`collections.${name}.path`, `is that of ${other} too`, "give each its own")
    if (!/^[^/?#]+(?:\/[^/?#]+)*$/.test(path)) {
      note(`collections.${name}.path`, "is no relative path", "begin and end it without a slash")
    }
    taken.set(path, name)
  }
}

/** Everything that is wrong; empty when the declaration makes an API. */
export const of = (declaration: Declaration): ReadonlyArray<Fault> => {
  const faults: Array<Fault> = []
  const note: Note = (path, message, mend) => {
    faults.push({ path, message, mend })
  }
  text(note, "name", declaration.name, "ledgerette")
  address(note, declaration)
  auth(note, declaration.auth)
  declaration.limits?.forEach((each, index) => {
    limit(note, `limits.${index}`, each)
  })
  paging(note, "paging", declaration.paging)
  if (Object.keys(declaration.collections ?? {}).length === 0) {
    note("collections", "is empty", "declare at least one collection")
    return faults
  }
  paths(note, declaration)
  for (const [name, each] of Object.entries(declaration.collections)) {
    collection(note, `collections.${name}`, each, declaration)
  }
  return faults
}
