/**
 * A doctype as the site itself has it, with its child tables, custom fields and property setters: what `getdoctype`
 * gives to any user, where the resources of DocType and Custom Field need a System Manager.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type CommandError, commandError } from "../../CommandError.ts"
import type { Credentials, Door } from "../Door.ts"
import { authorization, bearer, none } from "./credentials.ts"
import type { Context, Live } from "./Live.ts"
import * as saved from "./saved.ts"

const credentialsOf = ({ settings }: Context): Effect.Effect<Credentials, CommandError> => {
  const key = settings.secret("ERPNEXT_API_KEY")
  const secret = settings.secret("ERPNEXT_API_SECRET")
  if (key !== undefined && secret !== undefined) {
    return authorization("token", Redacted.make(`${Redacted.value(key)}:${Redacted.value(secret)}`))
  }
  const token = settings.secret("ERPNEXT_TOKEN")
  return token === undefined ? none : bearer(token)
}

type DocType = { readonly doctype: "DocType"; readonly name: string; readonly [member: string]: unknown }

const isDocType = (value: unknown): value is DocType =>
  typeof value === "object" &&
  value !== null &&
  "doctype" in value &&
  value.doctype === "DocType" &&
  "name" in value &&
  typeof value.name === "string"

/** Without what the site adds for its forms: scripts, templates, print formats. */
const described = (doctype: DocType): DocType =>
  Object.fromEntries(Object.entries(doctype).filter(([name]) => !name.startsWith("__"))) as DocType

/** The name of a file as Frappe makes it: `sales_order`. */
const scrubbed = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_")

const doctypes = Effect.fnUntraced(function* (door: Door, root: string, name: string) {
  const url = new URL(`${root}/api/method/frappe.desk.form.load.getdoctype`)
  url.searchParams.set("doctype", name)
  const hint = "A doctype is named as on its form: Sales Order."
  const error = commandError("Server", `the site has no doctype ${JSON.stringify(name)}.`, hint)
  const unknown = { statuses: [404], error }
  const answer = yield* door.json({ url, what: `the doctype ${name}`, unknown })
  const docs = typeof answer === "object" && answer !== null && "docs" in answer ? answer.docs : undefined
  const found = (Array.isArray(docs) ? docs : []).filter(isDocType)
  return found.length > 0 ? found : yield* error
})

/** `{app: {version}}` of all apps; the version of ERPNext, or else of the framework. */
const buildOf = (answer: unknown): string | undefined => {
  const apps = typeof answer === "object" && answer !== null && "message" in answer ? answer.message : undefined
  if (typeof apps !== "object" || apps === null) return undefined
  for (const app of ["erpnext", "frappe"]) {
    const one = (apps as Readonly<Record<string, unknown>>)[app]
    const version = typeof one === "object" && one !== null && "version" in one ? one.version : undefined
    if (typeof version === "string") return `${app} ${version}`
  }
  return undefined
}

const rootOf = (url: URL): string => url.origin + url.pathname.replace(/\/(?:(?:api|app|desk)(?:\/.*)?)?$/i, "")

export const live: Live = {
  recognises: (url) => /\/(?:api|app|desk)(?:\/|$)/i.test(url.pathname) || !/\.[a-z]+$/i.test(url.pathname),
  fetch: Effect.fnUntraced(function* (context: Context) {
    const wanted = context.entities.length > 0 ? context.entities : context.known
    if (wanted.length === 0) {
      const hint = 'Name the doctypes, as in --entities "Customer,Sales Order".'
      return yield* commandError(
        "Usage",
        "--entities is missing: a site is asked for one doctype after the other.",
        hint,
      )
    }
    const door = context.door(credentialsOf(context))
    const root = rootOf(context.url)
    const path = yield* saved.folder(context.folder, "doctypes")
    const versions = new URL(`${root}/api/method/frappe.utils.change_log.get_versions`)
    const build = buildOf(yield* door.jsonIfAny({ url: versions, what: "the versions of the apps" }))
    for (const [index, entity] of wanted.entries()) {
      yield* context.step(`Asking ${context.url.host} for ${entity} (${index + 1} of ${wanted.length})`)
      for (const one of yield* doctypes(door, root, entity)) {
        yield* saved.json(join(path, `${scrubbed(one.name)}.json`), described(one))
      }
    }
    return { path, ...(build === undefined ? {} : { build }) }
  }),
}
