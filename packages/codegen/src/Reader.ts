/**
 * Reads a description in any format that the five systems serve and gives one form of it.
 *
 * ```ts
 * const document = yield* Reader.read(
 *   { kind: "path", path: "metadata.xml" },
 *   { system: "dynamics", entities: ["CustomersV3", "SalesOrderHeadersV2"] },
 * )
 * ```
 */
import * as Effect from "effect/Effect"
import type { ApiDocument, Format, Origin, System } from "./Description.ts"
import { DescriptionError } from "./DescriptionError.ts"
import { bundle, isWhole as isBundled } from "./internal/bundle.ts"
import type { Draft } from "./internal/Draft.ts"
import { emptyDocument } from "./internal/Draft.ts"
import { fail } from "./internal/fail.ts"
import * as Files from "./internal/files.ts"
import { finish } from "./internal/finish.ts"
import { type Json, type JsonObject, parse } from "./internal/json.ts"
import { merge, type Named } from "./internal/merge.ts"
import { checkCircles, checkResolved } from "./internal/references.ts"
import { checkFormat, isEdmx, isXml, type Kind, kindOf, mayDescribe, refuse, refuseWebPage } from "./internal/sniff.ts"
import * as Structure from "./internal/structure.ts"
import * as Pin from "./Pin.ts"
import * as AdHocSchema from "./readers/AdHocSchema.ts"
import * as Csdl from "./readers/Csdl.ts"
import * as DocType from "./readers/DocType.ts"
import * as FoMetadata from "./readers/FoMetadata.ts"
import * as HubSpotProperties from "./readers/HubSpotProperties.ts"
import * as NetSuite from "./readers/NetSuite.ts"
import * as OpenApi from "./readers/OpenApi.ts"
import * as Swagger2 from "./readers/Swagger2.ts"
import * as Trim from "./Trim.ts"

/**
 * A file or a folder of files by its path, or texts that were fetched. A description behind an address is fetched to a file
 * first: a large one is streamed from there.
 */
export type Input = Files.Input

export interface Options {
  readonly system: System
  /** Only these and what they need. Of a large `$metadata` nothing else is held in memory. */
  readonly entities?: ReadonlyArray<string>
  /** What to do about a name that the description does not have. Defaults to `fail`; a comparison leaves it out. */
  readonly missing?: Trim.Missing
  /** Fails when the description is in another format. Absent: whatever it is. */
  readonly format?: Format
  /** The build of the vendor's software, where the caller has asked for it; descriptions seldom tell. */
  readonly build?: string
  /** The version of the API, where the description does not tell. */
  readonly version?: string
  /** Called at each step of a long reading, with what is being done. */
  readonly onProgress?: (step: string) => void
}

interface Parsed {
  readonly name: string
  readonly json: Json
  readonly kind: Kind
}

interface Gathered {
  readonly xml: ReadonlyArray<Files.Document>
  readonly parsed: ReadonlyArray<Parsed>
}

/** One of many files may be about something else, and need not be readable then; one that ends in the middle is told. */
const parsedOf = (text: string, name: string, isOneOfMany: boolean): Json | undefined => {
  try {
    return parse(text, name)
  } catch (error) {
    const isForeign = error instanceof DescriptionError && error.problem !== "Truncated" && !mayDescribe(text)
    if (isOneOfMany && isForeign && text.trim() !== "") return undefined
    throw error
  }
}

const gather = async (
  { documents }: Files.Documents,
  { isWhole, say }: { readonly isWhole: boolean; readonly say: (step: string) => void },
): Promise<Gathered> => {
  const xml: Array<Files.Document> = []
  const parsed: Array<Parsed> = []
  const isOneOfMany = documents.length > 1
  for (const document of documents) {
    say(`reading ${document.name}`)
    if (await isXml(document)) {
      // Beside other files a page in XML is about something else; in the place of JSON it is what was answered.
      if (!isOneOfMany || !/\.xml$/i.test(document.name)) await refuseWebPage(document)
      if (!isOneOfMany || (await isEdmx(document))) xml.push(document)
      continue
    }
    if (isWhole) Files.checkWhole(document, "whole")
    const json = parsedOf(await document.text(), document.name, isOneOfMany)
    if (json !== undefined) parsed.push({ name: document.name, json, kind: kindOf(json) })
  }
  return { xml, parsed }
}

/** Kinds that describe something by themselves, with the format that they make the whole. */
const formatOf = ({ parsed, xml }: Gathered, name: string): Format => {
  const kinds = parsed.map(({ kind }) => kind)
  const found = ([...(xml.length > 0 ? ["csdl"] : []), ...kinds] as ReadonlyArray<Kind>).filter(
    (kind): kind is Format => kind !== "unknown" && kind !== "adhoc",
  )
  const [first] = found
  if (first !== undefined) return found.find((kind) => kind === "openapi" || kind === "swagger2") ?? first
  if (kinds.includes("adhoc")) {
    return fail(
      "NotADescription",
      `${name} shows the fields outside of a contract; give the endpoint's swagger.json too`,
      name,
    )
  }
  const [only] = parsed
  return refuse(only?.json ?? null, only?.name ?? name)
}

const openApis = async (gathered: Gathered, input: Input): Promise<ReadonlyArray<Named>> => {
  const lookup = async (name: string): Promise<Json | undefined> => {
    const known = gathered.parsed.find((each) => each.name === name)
    if (known !== undefined) return known.json
    const other = await Files.beside(input, name)
    return other === undefined ? undefined : parse(await other.text(), name)
  }
  const drafts: Array<Named> = []
  for (const { json, kind, name } of gathered.parsed) {
    if (kind !== "openapi" && kind !== "swagger2") continue
    const whole = isBundled(json) ? (json as JsonObject) : await bundle(json as JsonObject, name, lookup)
    Structure.check(whole, name)
    drafts.push({ name, draft: kind === "openapi" ? OpenApi.read(whole, name) : Swagger2.read(whole, name) })
  }
  return drafts
}

/** The records that the files describe apart from OpenAPI. */
const records = async (gathered: Gathered, name: string, options: Options): Promise<ReadonlyArray<Named>> => {
  const of = (kind: Kind) => gathered.parsed.filter((each) => each.kind === kind)
  const drafts: Array<Named> = []
  if (gathered.xml.length > 1) {
    const names = gathered.xml.map((document) => document.name).join(" and ")
    fail("DuplicateSchema", `${name} holds several $metadata documents, ${names}; name one of the files`, name)
  }
  for (const document of gathered.xml)
    drafts.push({ name: document.name, draft: await Csdl.read(document, options.entities, options.missing) })
  const metadata = of("fo-metadata")
  if (metadata.length > 0) drafts.push({ name, draft: FoMetadata.read(metadata, name) })
  const schemas = of("netsuite-schema").map((each) => ({ name: each.name, json: each.json as JsonObject }))
  if (schemas.length > 0) drafts.push({ name, draft: NetSuite.read(schemas, name) })
  const doctypes = of("doctype")
  if (doctypes.length > 0) drafts.push({ name, draft: DocType.read(doctypes, name) })
  return drafts
}

const overlaid = (draft: Draft, gathered: Gathered): Draft =>
  gathered.parsed.reduce((result, { json, kind, name }) => {
    if (kind === "hubspot-properties") return HubSpotProperties.overlay(result, name, json)
    return kind === "adhoc" ? AdHocSchema.overlay(result, name, json) : result
  }, draft)

const ENDPOINT = /^([^/]+)\/([\w.-]+)$/

/**
 * Acumatica puts the endpoint into the title and the contract into the version. A tenant's own endpoint has a version of the
 * tenant's own: `Shop/1`.
 */
const acumaticaOrigin = (draft: Draft): Partial<Origin> => {
  const { info } = draft.openapi31
  const [, , version] = ENDPOINT.exec(info.title) ?? []
  return version === undefined ? {} : { version, endpointVersion: info.title, contractVersion: info.version }
}

const originOf = (draft: Draft, format: Format, name: string, digest: string, options: Options): Origin => {
  const told = { ...draft.origin, ...(options.system === "acumatica" ? acumaticaOrigin(draft) : {}) }
  const { build, version } = options
  return {
    ...told,
    format,
    name,
    digest,
    version: told.version === "" || told.version === undefined ? (version ?? "") : told.version,
    ...(build === undefined ? {} : { build }),
  }
}

const readAll = async (input: Input, options: Options): Promise<ApiDocument> => {
  const say = options.onProgress ?? (() => {})
  const files = await Files.open(input)
  const gathered = await gather(files, { isWhole: options.entities === undefined, say })
  const format = formatOf(gathered, files.name)
  checkFormat(format, files.name, options.system, options.format)
  if (format === "pin") {
    const pin = gathered.parsed.find(({ kind }) => kind === "pin") as Parsed
    return Trim.toSync(Pin.decode(pin.json as JsonObject, pin.name), options.entities, options.missing)
  }
  say("putting the parts together")
  const merged = merge([...(await openApis(gathered, input)), ...(await records(gathered, files.name, options))])
  const based = merged ?? { openapi31: emptyDocument(files.name, ""), entities: [], origin: { format, version: "" } }
  const draft = overlaid(
    options.system === "netsuite" && format !== "netsuite-schema" ? NetSuite.ofOpenApi(based) : based,
    gathered,
  )
  checkResolved(draft.openapi31, files.name)
  checkCircles(draft.openapi31, files.name)
  say("taking the digest")
  const origin = originOf(draft, format, files.name, await Files.digest(files.documents), options)
  const document = finish(options.system, draft, origin)
  if (options.entities !== undefined) say(`trimming to ${options.entities.length} entities`)
  return Trim.toSync(document, options.entities, options.missing)
}

/** Fails with one `DescriptionError` that says what is wrong, where, and what to do. */
export const read = (input: Input, options: Options): Effect.Effect<ApiDocument, DescriptionError> =>
  Effect.tryPromise({
    try: () => readAll(input, options),
    catch: (error) => error,
  }).pipe(Effect.catch((error) => (error instanceof DescriptionError ? Effect.fail(error) : Effect.die(error))))
