/**
 * Writes the address of a customer for bills or for goods. The document that is there is written over only when it is this
 * customer's alone and serves this use alone. Otherwise the customer gets one of its own beside it, and the other loses
 * its mark for this use, unless somebody else has a part in it.
 *
 * One that we make carries a key where the site has the field for it, so that two writers cannot make two. A person may
 * disable it, or give it to another use or another customer: then it stays so, and only our key goes on to a new one.
 */

import { Conflict, ConnectorError, Invalid, type Reason } from "@mortise/core/ConnectorError"
import type { Address } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as addresses from "./addresses.ts"
import type { Context } from "./Context.ts"
import type { Countries } from "./countries.ts"
import { type Doc, textOf } from "./Doc.ts"
import { make as makeReader } from "./Reader.ts"
import { definedBody } from "./Writer.ts"

type Part = addresses.Part
type Docs = ReadonlyArray<Doc>

const { MARKS } = addresses
const TYPES = { billing: "Billing", shipping: "Shipping" } as const
const OTHER = { billing: "shipping", shipping: "billing" } as const

/** What a new address takes over from the one that it parts from, as far as it is not given anew. */
const PLACE = ["address_line1", "address_line2", "city", "state", "pincode", "country"]

/** A document that is refused for its key is looked for, and made again, so often. */
const ROUNDS = 3

const WAVERS = "the address is taken out of use as often as it is written"

const failed = (reason: Reason) =>
  new ConnectorError({ system: "erpnext", operation: "erpnext.Account.upsert", reason })

export interface Owner {
  readonly id: string
  readonly title: string
  /** The text of the customer's key in its carrier. */
  readonly text: string | undefined
}

interface Wanted {
  readonly part: Part
  /** Our name of the field. */
  readonly field: string
  readonly address: Address
  readonly owner: Owner
}

/** The document of the part, among those of a customer. */
export const pick = (docs: Docs, part: Part): Doc | undefined => {
  const name = addresses
    .chosen(
      docs.map((doc) => makeReader(doc)),
      part,
    )
    ?.text("name")
  return docs.find((doc) => textOf(doc, "name") === name)
}

const nameOf = (doc: Doc | undefined): string => (doc === undefined ? "" : (textOf(doc, "name") ?? ""))

const isMarked = (doc: Doc | undefined, part: Part): boolean => doc !== undefined && makeReader(doc).flag(MARKS[part])

const bodyOf = ({ city, country, lines, postalCode, region }: Address, countries: Countries): Doc => {
  const [first, second] = lines === undefined ? [] : addresses.twoLines(lines)
  return definedBody({
    address_line1: first,
    address_line2: second,
    city,
    state: region,
    pincode: postalCode,
    country: typeof country === "string" ? countries.name(country) : country,
  })
}

/** Our key of an address: that of its customer, and which one of its addresses it is. */
const keyOf = ({ catalog, settings }: Context, { owner, part }: Wanted) =>
  Effect.map(catalog.fields("Address"), (fields) =>
    owner.text !== undefined && fields.get(settings.keyField)?.unique === true ? `${owner.text}#${part}` : undefined,
  )

/** The customer's addresses as they are now. */
const fresh = (context: Context, { owner }: Wanted): Effect.Effect<Docs, ConnectorError> =>
  Effect.map(addresses.side(context, [owner.id]), (found) => found?.get(owner.id) ?? [])

/** True when somebody else has a part in the address: another customer, a supplier, a company. */
const isShared = (whole: Doc, { id }: Owner): boolean =>
  ((whole["links"] ?? []) as Docs).some(
    (link) => textOf(link, "link_doctype") !== "Customer" || textOf(link, "link_name") !== id,
  )

/** What the new one parts from: the document that serves more than it may be written for. */
interface Origin {
  readonly doc: Doc
  readonly shared: boolean
}

/**
 * ERPNext keeps one preferred address for each owner: a new one with the mark takes it from the one that has it. Where that
 * one is somebody else's too, and the kind tells ours from it, ours is made without.
 */
const marks = (origin: Origin | undefined, part: Part): boolean =>
  origin === undefined ||
  !origin.shared ||
  !isMarked(origin.doc, part) ||
  textOf(origin.doc, "address_type") === TYPES[part]

const membersOf = (
  { countries, settings }: Context,
  wanted: Wanted,
  origin: Origin | undefined,
  key?: string,
): Doc => ({
  ...Object.fromEntries(PLACE.map((name) => [name, origin?.doc[name] ?? null])),
  ...bodyOf(wanted.address, countries),
  address_title: wanted.owner.title,
  address_type: TYPES[wanted.part],
  ...(marks(origin, wanted.part) ? { [MARKS[wanted.part]]: 1 } : {}),
  links: [{ link_doctype: "Customer", link_name: wanted.owner.id }],
  ...(key === undefined ? {} : { [settings.keyField]: key }),
})

/** The document that carries the key; without one, that of the part, unless it was there before. */
const holder = (context: Context, wanted: Wanted, origin: Origin | undefined, key: string | undefined) =>
  Effect.gen(function* () {
    const { documents, settings } = context
    const found: Docs =
      key === undefined
        ? [pick(yield* fresh(context, wanted), wanted.part)].filter((doc) => doc !== undefined)
        : yield* documents.many("Address", {
            fields: ["name"],
            where: [[settings.keyField, "=", key]],
            orderBy: [["name", "asc"]],
            limit: 1,
          })
    const name = nameOf(found[0])
    return name === "" || (key === undefined && name === nameOf(origin?.doc)) ? Option.none() : Option.some(name)
  })

/** True while the document serves the part of the customer: nobody disabled it, or gave it another use or owner. */
const isInUse = (docs: Docs, name: string, part: Part): boolean => {
  const found = docs.find((doc) => nameOf(doc) === name)
  if (found === undefined) return false
  const reader = makeReader(found)
  return !reader.flag("disabled") && addresses.rank(reader, part) !== undefined
}

/** A new document; nothing when it came about in between, and was written over. */
const make = (context: Context, wanted: Wanted, origin: Origin | undefined) =>
  Effect.gen(function* (): Effect.fn.Return<Doc | undefined, ConnectorError> {
    const { countries, documents, settings } = context
    const key = yield* keyOf(context, wanted)
    const release = (name: string) => documents.update("Address", name, { [settings.keyField]: null })
    if (key !== undefined && origin?.doc[settings.keyField] === key) yield* release(nameOf(origin.doc))
    const members = membersOf(context, wanted, origin, key)
    const look = holder(context, wanted, origin, key)
    for (let left = ROUNDS; ; left -= 1) {
      const refused = (failure: ConnectorError) => Effect.map(rival(failure, look), (found) => ({ found }))
      const made = yield* Effect.catch(documents.create("Address", members, look), refused)
      if ("created" in made) return made.created
      const name = made.found
      if (isInUse(yield* fresh(context, wanted), name, wanted.part)) {
        yield* documents.update("Address", name, bodyOf(wanted.address, countries))
        return undefined
      }
      if (left === 0) return yield* Effect.fail(failed(new Conflict({ message: WAVERS })))
      yield* release(name)
    }
  })

/** The document that a new one was refused for; any other refusal stands. */
const rival = (failure: ConnectorError, look: Effect.Effect<Option.Option<string>, ConnectorError>) =>
  failure.reason._tag === "Duplicate"
    ? Effect.flatMap(look, Option.match({ onNone: () => Effect.fail(failure), onSome: Effect.succeed }))
    : Effect.fail(failure)

/** One of the customer's own; what it parts from loses its mark last, so that there is an address all along. */
const makeBeside = (
  context: Context,
  wanted: Wanted,
  docs: Docs,
  origin: Origin | undefined,
): Effect.Effect<Docs, ConnectorError> =>
  Effect.gen(function* () {
    const made = yield* make(context, wanted, origin)
    if (origin === undefined && made !== undefined) return [...docs, made]
    const now = yield* fresh(context, wanted)
    const old = now.find((doc) => nameOf(doc) === nameOf(origin?.doc))
    if (origin === undefined || origin.shared || !isMarked(old, wanted.part)) return now
    return yield* put(context, now, nameOf(old), { [MARKS[wanted.part]]: 0 })
  })

/** Writes one of the documents; gives all of them as they are then. */
const put = ({ documents }: Context, docs: Docs, name: string, body: Doc): Effect.Effect<Docs, ConnectorError> =>
  Effect.map(documents.update("Address", name, body), (answer) =>
    docs.map((doc) => (nameOf(doc) === name ? answer : doc)),
  )

/** What the site made of it. */
const kept = ({ countries }: Context, { address, field, part }: Wanted, docs: Docs) => {
  const found = pick(docs, part)
  const stands = found !== undefined && addresses.same(address, addresses.decode(makeReader(found), countries))
  if (stands) return Effect.succeed(docs)
  const message = "was accepted and not kept: the site has an address of its own for this use"
  return Effect.fail(failed(new Invalid({ message: `${field} ${message}`, issues: [{ path: [field], message }] })))
}

/** Writes one address of a customer, whose addresses are given; gives them as they are then. */
export const write = (context: Context, wanted: Wanted, docs: Docs): Effect.Effect<Docs, ConnectorError> =>
  Effect.gen(function* () {
    const name = nameOf(pick(docs, wanted.part))
    const read = name === "" ? Option.none() : yield* context.documents.get("Address", name)
    const doc = Option.getOrUndefined(read)
    const shared = doc !== undefined && isShared(doc, wanted.owner)
    const alone = !shared && nameOf(pick(docs, OTHER[wanted.part])) !== name
    const written =
      doc !== undefined && alone
        ? yield* put(context, docs, name, bodyOf(wanted.address, context.countries))
        : yield* makeBeside(context, wanted, docs, doc === undefined ? undefined : { doc, shared })
    return yield* kept(context, wanted, written)
  })
