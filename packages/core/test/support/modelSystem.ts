/**
 * A small system behind a `fetch`, with real semantics: ids of its own, one record a key, revisions, natural keys, a log
 * of changes. Two of them stand for the CRM and the ERP of a relay.
 */
type Fields = { readonly [field: string]: unknown }

export interface Row {
  readonly id: string
  key?: string
  fields: Fields
  revision: number
}

export type Logged =
  | { readonly kind: "upserted" | "deleted" | "undecodable"; readonly entity: string; readonly id: string }
  | { readonly kind: "merged"; readonly entity: string; readonly from: ReadonlyArray<string>; readonly into: string }

export interface SentRecord {
  readonly trace: string
  readonly key?: string
  readonly id?: string
  readonly create?: boolean
  readonly adoptBy?: ReadonlyArray<string>
  readonly fields: Fields
}

/** What the system answers to one record of a write. */
export type Reply =
  | { readonly trace: string; readonly status: "created" | "updated"; readonly id: string; readonly revision: number }
  | {
      readonly trace: string
      readonly status: "refused"
      readonly reason: string
      readonly field?: string
      readonly ids?: ReadonlyArray<string>
      /** The record is there all the same, without the field that was refused. */
      readonly id?: string
    }

/** What goes wrong at a request, by its number from 1. */
export type Trouble = "throttled" | "lostAfter" | "lostBefore" | "error"

export class ModelSystem {
  readonly name: string
  /** False: a record without an id is always a new one, whatever its key; only `/find` knows the keys. */
  enforcesKeys = true
  readonly tables = new Map<string, Map<string, Row>>()
  readonly log: Array<Logged> = []
  readonly troubles = new Map<number, Trouble>()
  readonly counts = { requests: 0, writes: 0, created: 0, troubled: 0, lost: 0 }
  /** The bodies of the writes that were applied. */
  readonly written: Array<{ readonly entity: string; readonly records: ReadonlyArray<SentRecord> }> = []
  /** Fields that hang on a record: while they stand here they are refused, and the rest of the record is written. */
  readonly refusing = new Map<string, "Invalid" | "MissingReference">()
  /** Ids that are gone and live on under another one. */
  readonly survivors = new Map<string, string>()
  #next = 1

  constructor(name: string) {
    this.name = name
  }

  table(entity: string): Map<string, Row> {
    const known = this.tables.get(entity)
    if (known !== undefined) return known
    const made = new Map<string, Row>()
    this.tables.set(entity, made)
    return made
  }

  rows(entity: string): ReadonlyArray<Row> {
    return [...this.table(entity).values()]
  }

  /** Somebody works in the system itself. */
  put(entity: string, id: string, fields: Fields, key?: string): Row {
    const before = this.table(entity).get(id)
    const row: Row = {
      id,
      fields: { ...before?.fields, ...fields },
      revision: (before?.revision ?? 0) + 1,
      ...((key ?? before?.key) === undefined ? {} : { key: (key ?? before?.key) as string }),
    }
    this.table(entity).set(id, row)
    this.log.push({ kind: "upserted", entity, id })
    return row
  }

  remove(entity: string, id: string): void {
    this.table(entity).delete(id)
    this.log.push({ kind: "deleted", entity, id })
  }

  merge(entity: string, from: string, into: string): void {
    this.table(entity).delete(from)
    this.survivors.set(from, into)
    this.log.push({ kind: "merged", entity, from: [from], into })
  }

  fetch: typeof globalThis.fetch = async (input, init) => {
    const request = input instanceof Request ? input : new Request(input, init)
    const body = JSON.parse(await request.text()) as { readonly entity: string } & Fields
    this.counts.requests += 1
    const trouble = this.troubles.get(this.counts.requests)
    if (trouble !== undefined) this.counts.troubled += 1
    if (trouble === "throttled") return Response.json({}, { status: 429 })
    if (trouble === "error") return Response.json({}, { status: 503 })
    if (trouble === "lostBefore") throw new TypeError("connection reset")
    const answer = this.#handle(new URL(request.url).pathname, body)
    if (trouble === "lostAfter" && request.url.endsWith("/upsert")) this.counts.lost += 1
    if (trouble === "lostAfter") throw new TypeError("connection reset")
    return Response.json(answer)
  }

  #handle(path: string, body: { readonly entity: string } & Fields): unknown {
    const table = this.table(body.entity)
    switch (path) {
      case "/changes":
        return this.#changes(body.entity, body["after"] as number, body["limit"] as number)
      case "/get":
        return (body["ids"] as ReadonlyArray<string>).flatMap((id) => {
          const row = table.get(this.survivors.get(id) ?? id)
          return row === undefined ? [] : [{ asked: id, ...row }]
        })
      case "/find":
        return (body["keys"] as ReadonlyArray<string>).flatMap((key) => this.#byKey(table, key))
      case "/match":
        return this.#match(table, body["field"] as string, body["value"])
      case "/archive":
        return (body["ids"] as ReadonlyArray<string>).map((id) => table.delete(id))
      default:
        return this.#write(body.entity, body["records"] as ReadonlyArray<SentRecord>)
    }
  }

  #changes(entity: string, after: number, limit: number): unknown {
    const mine = this.log.flatMap((each, index) => (index >= after && each.entity === entity ? [{ each, index }] : []))
    const page = mine.slice(0, limit)
    const next = page.at(-1) === undefined ? this.log.length : (page.at(-1)?.index ?? 0) + 1
    const changes = page.map(({ each, index }) => {
      const row = "id" in each ? this.table(entity).get(each.id) : undefined
      return { ...each, version: String(index), ...(row === undefined ? {} : { row }) }
    })
    return { changes, next, more: mine.length > limit }
  }

  #byKey(table: Map<string, Row>, key: string): ReadonlyArray<Row> {
    return [...table.values()].filter((row) => row.key === key)
  }

  #match(table: Map<string, Row>, field: string, value: unknown): ReadonlyArray<Row> {
    return [...table.values()].filter((row) => JSON.stringify(row.fields[field]) === JSON.stringify(value))
  }

  #write(entity: string, records: ReadonlyArray<SentRecord>): ReadonlyArray<Reply> {
    this.counts.writes += 1
    this.written.push({ entity, records })
    return records.map((record) => this.#one(entity, record))
  }

  #one(entity: string, record: SentRecord): Reply {
    const refused = Object.keys(record.fields).find((field) => this.refusing.has(field))
    if (refused === undefined) return this.#whole(entity, record)
    const { [refused]: _, ...fields } = record.fields
    const reply = this.#whole(entity, { ...record, fields })
    if (reply.status === "refused") return reply
    const reason = this.refusing.get(refused) ?? "Invalid"
    return { trace: record.trace, status: "refused", reason, field: refused, id: reply.id }
  }

  #whole(entity: string, record: SentRecord): Reply {
    const { fields, id, key, trace } = record
    const table = this.table(entity)
    const refuse = (reason: string, more: object = {}): Reply => ({ trace, status: "refused", reason, ...more })
    const missing = this.#missing(fields)
    if (missing !== undefined) return refuse("MissingReference", { field: missing })
    if (JSON.stringify(fields).includes("poison")) return refuse("Invalid", { field: "name" })
    if (id !== undefined && !table.has(id)) return refuse("NotFound")
    const row = id !== undefined ? table.get(id) : this.enforcesKeys ? this.#byKey(table, key as string)[0] : undefined
    if (row !== undefined) return this.#update(entity, row, record)
    const matches = (record.adoptBy ?? []).flatMap((field) =>
      fields[field] === undefined ? [] : this.#match(table, field, fields[field]),
    )
    const free = matches.filter((match) => match.key === undefined)
    if (matches.length > 1 || matches.length > free.length)
      return refuse("Ambiguous", { ids: matches.map((each) => each.id) })
    if (free[0] !== undefined) return this.#update(entity, free[0], record)
    if (record.create === false) return refuse("NotFound")
    this.counts.created += 1
    const made = this.put(entity, `${this.name}-${this.#next++}`, this.#resolved(fields), key)
    return { trace, status: "created", id: made.id, revision: made.revision }
  }

  #update(entity: string, row: Row, { fields, key, trace }: SentRecord): Reply {
    const after = this.put(entity, row.id, this.#resolved(fields), key)
    return { trace, status: "updated", id: row.id, revision: after.revision }
  }

  /** The record that a value points to; undefined when it points to none. */
  #pointed(value: unknown): Row | undefined | "nothing" {
    if (value === null || typeof value !== "object" || !("id" in value || "key" in value)) return undefined
    const { id, key } = value as { readonly id?: string; readonly key?: string }
    for (const table of this.tables.values()) {
      const row = id === undefined ? this.#byKey(table, key ?? "")[0] : table.get(id)
      if (row !== undefined) return row
    }
    return "nothing"
  }

  /** The first field that points to a record which is not there. */
  #missing(fields: Fields): string | undefined {
    return Object.keys(fields).find((field) => this.#pointed(fields[field]) === "nothing")
  }

  /** References are kept as what they point to, however they were written. */
  #resolved(fields: Fields): Fields {
    const out: { [field: string]: unknown } = {}
    for (const [field, value] of Object.entries(fields)) {
      const row = this.#pointed(value)
      out[field] = typeof row === "object" ? { id: row.id, ...(row.key === undefined ? {} : { key: row.key }) } : value
    }
    return out
  }
}
