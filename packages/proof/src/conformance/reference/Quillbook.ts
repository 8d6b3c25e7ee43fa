/**
 * Quillbook, a bookkeeping API that nobody has, as a twin. It has what the vendors of our other subjects have not: pages
 * that are joined by links, versions of records, and few enough rows on a page that a rule is over in an instant.
 */

import type * as TwinKit from "@mortise/conformance/TwinKit"
import * as Twin from "@mortise/conformance/twin/Twin"
import * as Vendor from "@mortise/conformance/twinkit/Vendor"

export const ORIGIN = "https://api.quillbook.example"
export const TOKEN_PATH = "/oauth/token"
export const CLIENT = { clientId: "quillbook-app", clientSecret: "quillbook-client-secret" }
export const TOKEN_SECONDS = 1800

/** Rows of a page, and of all pages that are joined by links: a listing ends there without a word. */
export const PAGE = 3
export const REACH = 12

/** Requests in so many milliseconds; more are answered with 429. */
export const LIMIT = { requests: 60, millis: 10_000 }

const common = {
  update: { method: "PATCH" },
  delete: { flag: "deleted" },
  revision: { field: "version", etag: true },
  modified: { field: "modified", granularityMillis: 1000, from: "modified_from", before: "modified_before" },
  sort: "order",
} as const satisfies Partial<TwinKit.Collection>

const deleted: TwinKit.Field = { type: "boolean", readOnly: true, default: false }
const ref: TwinKit.Field = { type: "text", unique: true, maxLength: 200 }

const declaration: TwinKit.Declaration = {
  name: "quillbook",
  origin: ORIGIN,
  base: "/v1",
  auth: {
    scheme: "oauth",
    tokenPath: TOKEN_PATH,
    ...CLIENT,
    grants: ["refresh_token"],
    lifetimeSeconds: TOKEN_SECONDS,
    refreshToken: "quillbook-refresh-0",
    rotates: true,
  },
  limits: [{ kind: "window", ...LIMIT }],
  paging: { style: "link", cursor: "cursor", next: "next", size: "size", default: PAGE, most: PAGE, items: "items" },
  collections: {
    accounts: {
      ...common,
      key: { field: "id", assigned: "number", start: 1001 },
      fields: {
        name: { type: "text", required: true, maxLength: 200 },
        email: { type: "text" },
        phone: { type: "text" },
        city: { type: "text" },
        country: { type: "text", maxLength: 2 },
        currency: { type: "text", required: true, default: "EUR", choices: ["EUR", "USD", "JPY", "KWD"] },
        region: { type: "text" },
        ref,
        deleted,
      },
      filters: ["ref", "email"],
    },
    people: {
      ...common,
      key: { field: "id", assigned: "number" },
      fields: {
        last_name: { type: "text", required: true },
        account: { type: "text", references: "accounts" },
        ref,
        deleted,
      },
      filters: ["ref"],
    },
    products: {
      key: { field: "code", assigned: "client" },
      fields: { name: { type: "text", required: true }, price: { type: "decimal", scale: 6 } },
    },
    orders: {
      ...common,
      key: { field: "id", assigned: "number" },
      fields: {
        account: { type: "text", references: "accounts" },
        date: { type: "date" },
        currency: { type: "text" },
        lines: {
          type: "list",
          of: {
            key: { type: "text", required: true },
            product: { type: "text", required: true, references: "products" },
            quantity: { type: "decimal" },
            price: { type: "decimal" },
          },
        },
        ref,
        deleted,
      },
      filters: ["ref"],
    },
  },
  quirks: [
    {
      id: "quillbook/all",
      says: "the API is made up",
      grade: "assumed",
      source: "the reference connector of the rules",
    },
  ],
}

export interface World extends TwinKit.KitWorld {
  /** From now on the allowance of the day is spent. */
  readonly spend: () => void
}

interface List {
  readonly items: ReadonlyArray<{ readonly [member: string]: unknown }>
  readonly next: string | null
}

/** Members that a record has whatever is asked for. */
const ALWAYS = new Set(["id", "code", "modified", "version", "deleted"])

interface Asked {
  readonly plain: URL
  readonly fields: ReadonlySet<string> | undefined
  readonly hop: number
}

/** The kit's cursor of the place behind a record, in a list in the order of ids. */
const behind = (id: string): string => Buffer.from(`after ${id}`).toString("base64url")

/** What was asked of a list beside what the kit knows of: some fields alone, rows behind an id, pages that lie behind. */
const askedOf = (url: URL): Asked => {
  const plain = new URL(url)
  const { searchParams: query } = plain
  const [fields, hop, afterId] = ["fields", "hop", "after_id"].map((name) => query.get(name))
  for (const name of ["fields", "hop", "after_id"]) query.delete(name)
  if (afterId && !query.has("cursor")) query.set("cursor", behind(afterId))
  return { plain, hop: Number(hop ?? "0"), fields: fields ? new Set(fields.split(",")) : undefined }
}

const nextOf = (next: string, fields: ReadonlySet<string> | undefined, hop: number): string => {
  const url = new URL(next)
  if (fields !== undefined) url.searchParams.set("fields", [...fields].join(","))
  url.searchParams.set("hop", String(hop))
  return url.href
}

const SPENT: Twin.TwinReply = {
  status: 429,
  body: { error: { code: "daily_allowance", message: "the allowance of the day is spent" } },
}

export const make = (options: Twin.Options): Twin.Twin<World> => {
  const vendor = Vendor.make(declaration, options.clock)
  let spent = false
  const handle: Twin.Vendor<World>["handle"] = async (request, context) => {
    if (spent && request.path !== TOKEN_PATH) return SPENT
    const { fields, hop, plain } = askedOf(request.url)
    const reply = await vendor.handle({ ...request, url: plain }, context)
    // Tokens that are given change nothing in the books.
    if (request.path === TOKEN_PATH) return { ...reply, changed: false }
    const list = reply.body as List | undefined
    if (request.method !== "GET" || reply.status !== 200 || list?.items === undefined) return reply
    const ends = list.next === null || (hop + 1) * PAGE >= REACH
    const shown = ([name]: readonly [string, unknown]) => fields === undefined || ALWAYS.has(name) || fields.has(name)
    return {
      ...reply,
      body: {
        items: list.items.map((item) => Object.fromEntries(Object.entries(item).filter(shown))),
        next: ends ? null : nextOf(list.next as string, fields, hop + 1),
      },
    }
  }
  const spend = () => {
    spent = true
  }
  return Twin.make({ ...vendor, handle, world: { ...vendor.world, spend } }, options)
}
