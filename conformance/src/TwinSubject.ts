/**
 * An adapter on a declared twin, as the subject of the rules: what they have to know of the vendor is read off the
 * declaration, and what only its author knows is told here.
 *
 * ```ts
 * export const subject = TwinSubject.make({
 *   name: "ledgerette", version: "1.0.0", apiVersion: "v1", declaration, adapter: ledgerette,
 *   credentials: { token: Redacted.make(TOKEN) }, wrongCredentials: { token: Redacted.make("wrong") },
 *   party: {
 *     entity: "Account", collection: "customers", natural: "email",
 *     wire: { name: "name", phone: "phone", natural: "email" },
 *     unwelcome: { currency: "XXX" }, unreadable: { field: "currency", wire: { currency: "euros" } },
 *   },
 * })
 * ```
 */
import type * as Connector from "@mortise/core/Connector"
import * as Outcome from "@mortise/core/Outcome"
import type * as Ownership from "@mortise/core/Ownership"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Factory, Given } from "./Adapter.ts"
import * as Checked from "./kit/Checked.ts"
import type * as Feature from "./kit/Feature.ts"
import type * as Probe from "./kit/Probe.ts"
import * as Secrets from "./kit/Secrets.ts"
import type { Asked, Connected, JournalLine, Opening, Profile, Setting, Stage, Subject } from "./kit/Subject.ts"
import { pathOf, portOf } from "./kit/Subject.ts"
import * as TwinKit from "./TwinKit.ts"
import type * as Twin from "./twin/Twin.ts"
import * as Access from "./twinkit/Access.ts"

export interface Party {
  /** The port that most rules write and read. */
  readonly entity: string
  /** The collection of the twin that it stands for. */
  readonly collection: string
  /** A text field of the contract by which a record may be adopted. */
  readonly natural: string
  /** The vendor's names of these fields. */
  readonly wire: { readonly name: string; readonly phone: string; readonly natural: string }
  /** Fields of the contract that the vendor refuses, beside a good name. */
  readonly unwelcome: Probe.Fields
  /** What makes a record unreadable, in the vendor's words, and the field of the contract that cannot be read then. */
  readonly unreadable?: { readonly field: string; readonly wire: object }
  /** Our key as the record carries it. Absent for an adapter that keeps keys in the store. */
  readonly keyOf?: (row: TwinKit.Row) => string | undefined
}

export interface Options<P extends Connector.Ports, Credentials, Client> {
  readonly name: string
  readonly version: string
  readonly apiVersion: string
  /** Defaults to `full`. */
  readonly profile?: Profile
  readonly declaration: TwinKit.Declaration
  /** A twin in place of the one that is made of the declaration, which still tells what the vendor is like. */
  readonly twin?: (options: Twin.Options) => TwinKit.KitTwin
  readonly adapter: Factory<P, Credentials, Client>
  readonly credentials: Credentials
  readonly wrongCredentials: Credentials
  readonly party: Party
  /** What the adapter or its vendor does not have, each with the reason, over what the declaration tells. */
  readonly absent?: Feature.Absent
  /** Further ways for rules to look at the world: values, persons, lines, pushes. */
  readonly probes?: (twin: TwinKit.KitTwin) => Partial<Omit<Probe.Probes, "party">>
  /** What these probes are for. What nothing is said of, here or in `absent`, makes the profile `partial`. */
  readonly has?: ReadonlyArray<Feature.Feature>
  readonly table?: Ownership.Table
  /** On behalf of which side it is written to. Defaults to `erp`. */
  readonly side?: Ownership.Side
}

/** What no declared twin has. */
const ABSENT: Feature.Absent = {
  batches: "one request carries one record",
  merges: "the twin merges nothing",
  custom: "there are no fields of a tenant's own",
  push: "the twin pushes nothing",
  signed: "the twin pushes nothing",
  blindEdits: "every edit moves the stamp",
  companies: "an instance keeps the books of one company",
  versions: "the vendor has one version",
  pinning: "the adapter goes by one version",
  quota: "there is no allowance of the day",
  selection: "the vendor always shows whole records",
  correlation: "the vendor gives no id of an exchange",
}

/** The probes of what the twin may well have, which rules see by them alone. */
const PROBES = {
  ledger: "documents",
  person: "person",
  lines: "lined",
  overdue: "overdue",
  decimals: "values.decimal",
  money: "values.money",
  dates: "values.date",
  oauth: "tokens",
  rotation: "tokens",
} as const

const mendOf = (feature: Feature.Feature, probe: string): string =>
  `nothing of it is tried; hand in \`${probe}\` by \`probes\` and say \`has: ["${feature}"]\`, or say in \`absent\` why there is none`

/** What is not seen for want of a probe, with what would mend it. */
const unseen = ({ unreadable }: Party): Feature.Absent => ({
  ...Object.fromEntries(Object.entries(PROBES).map(([of, probe]) => [of, mendOf(of as Feature.Feature, probe)])),
  ...(unreadable === undefined
    ? {
        unreadable:
          "nothing of it is tried; say in `party.unreadable` what spoils a record, or in `absent` why none is",
      }
    : {}),
})

/** Where tokens expire by the declaration, its author says nothing of them either. */
const withoutTokens = ({ auth }: TwinKit.Declaration): Feature.Absent => {
  if (auth.scheme !== "oauth") return { oauth: "there are no tokens that expire", rotation: "there are no tokens" }
  return auth.rotates === true ? {} : { rotation: "a refresh gives no new refresh token" }
}

const absentOf = (declaration: TwinKit.Declaration, party: Party): Feature.Absent => {
  const collection = declaration.collections[party.collection]
  const { reach, style } = collection?.paging ?? declaration.paging
  const lag = collection?.modified?.lagMillis ?? 0
  return {
    ...ABSENT,
    ...(style === "link" ? {} : { nextLinks: "pages are not joined by links" }),
    ...(reach === undefined ? { cap: "a listing does not stop" } : {}),
    ...(party.keyOf === undefined ? { carrier: "the vendor has no field for our key" } : {}),
    ...(lag === 0 ? { lag: "a write shows at once" } : {}),
    ...withoutTokens(declaration),
    ...(windowOf(declaration) === undefined ? { limits: "there is no limit" } : {}),
    ...(collection?.revision === undefined ? { revisions: "records have no revisions" } : {}),
  }
}

const windowOf = ({ limits = [] }: TwinKit.Declaration) => limits.find((limit) => limit.kind === "window")

const without = (absent: Feature.Absent, has: ReadonlyArray<string>): Feature.Absent =>
  Object.fromEntries(Object.entries(absent).filter(([feature]) => !has.includes(feature)))

/** How long a record that a person entered has stood. */
const AGO = 3_600_000

const HAND = /^Party (\d+)/

/** The keys of records, by their ids, as outcomes told them. */
type Told = Map<string, string>

/** The port, listened to. */
const heard = (port: Port.Any, told: Told): Port.Any => ({
  ...port,
  upsert: (records, how) =>
    Effect.tap(port.upsert(records, how), (outcomes) =>
      Effect.sync(() => {
        outcomes.forEach((outcome, index) => {
          const key = records[index]?.key
          if (Outcome.isSettled(outcome) && key !== undefined) told.set(outcome.id, key)
        })
      }),
    ),
})

const probeOf = (party: Party, twin: TwinKit.KitTwin, declaration: TwinKit.Declaration, told: Told): Probe.Party => {
  const { collection, entity, natural, wire } = party
  const { clock, world } = twin
  const { key, modified, path = collection, upsertBy } = declaration.collections[collection] as TwinKit.Collection
  const { items } = declaration.collections[collection]?.paging ?? declaration.paging
  const root = `${declaration.base ?? ""}/${path}`
  const naturalOf = (n: number) => `post@party-${n}.example`
  const keyFor = (n: number | string) => `hubspot/1234/|Company|${n}`
  const write: Probe.Party["write"] = (n, fields) => ({
    key: keyFor(n),
    fields: fields ?? { name: `Party ${n}`, [natural]: naturalOf(n) },
    // Where only the store keeps keys, a record is known again without it by nothing else.
    ...(party.keyOf === undefined && (fields === undefined || natural in fields)
      ? { adoptBy: [natural as never] }
      : {}),
  })
  const isCreate = (line: JournalLine) => line.method === "POST" && pathOf(line) === root
  // A record that is addressed by its id needs no other name.
  const isUpsert = (line: JournalLine) =>
    upsertBy?.field === wire.natural && line.method === "PUT" && pathOf(line).startsWith(`${root}/${upsertBy.path}/`)
  const textOf = (value: TwinKit.Value | undefined) => (typeof value === "string" ? value : undefined)

  /**
   * Keys that the store keeps stand in no record. Which record a key means is what the adapter said last; of one that it
   * wrote without saying, natural key or name tell.
   */
  const keyOf = (row: TwinKit.Row): string | undefined => {
    if (party.keyOf !== undefined) return party.keyOf(row)
    const id = String(row[key.field])
    const said = told.get(id)
    if (said !== undefined || !world.isWritten(collection, id)) return said
    const n =
      /^post@party-(\d+)\.example$/.exec(textOf(row[wire.natural]) ?? "") ?? HAND.exec(textOf(row[wire.name]) ?? "")
    return n === null ? undefined : keyFor(n[1] as string)
  }

  const rows = (line: JournalLine): ReadonlyArray<Readonly<Record<string, unknown>>> => {
    const body = JSON.parse(line.responseBody ?? "[]")
    return items === undefined ? body : body[items]
  }

  return {
    entity,
    port: (connected) => portOf(connected, entity),
    natural,
    naturalOf,
    write,
    unwelcome: (n) => write(n, { name: `Party ${n}`, ...party.unwelcome }),
    records: () =>
      world.all(collection).map((row) => ({
        id: String(row[key.field]),
        key: keyOf(row),
        name: textOf(row[wire.name]),
        natural: textOf(row[wire.natural]),
        phone: textOf(row[wire.phone]),
      })),
    enter: (from, count, value) =>
      world.seed(
        collection,
        Array.from({ length: count }, (_, at) => ({
          [wire.name]: `Party ${from + at} (by hand)`,
          [wire.natural]: value ?? naturalOf(from + at),
        })),
        { at: clock.now() - AGO },
      ),
    edit: (id, fields) => world.edit(collection, id, named(wire, fields), { atOnce: true }),
    editLate: (id, fields) => world.edit(collection, id, named(wire, fields)),
    remove: (id) => world.remove(collection, id, { atOnce: true }),
    ...(party.unreadable === undefined ? {} : { spoil: spoiling(party.unreadable, collection, twin) }),
    page: (line) =>
      line.method === "GET" && pathOf(line) === root && line.status === 200
        ? rows(line).map((row) => ({ id: String(row[key.field]), stamp: String(row[modified?.field ?? ""]) }))
        : undefined,
    sent: (line) => (isWriteOf(root, line) ? [Object.keys(JSON.parse(line.requestBody))] : undefined),
    wire: { name: wire.name, phone: wire.phone, identity: [] },
    identifies: (line) => (isCreate(line) || isUpsert(line) ? [wire.natural] : []),
    asked: (line) => (line.method === "GET" && pathOf(line).startsWith(root) ? "all" : undefined),
  }
}

const named = (wire: Party["wire"], fields: { readonly name?: string; readonly phone?: string }): object => ({
  ...(fields.name === undefined ? {} : { [wire.name]: fields.name }),
  ...(fields.phone === undefined ? {} : { [wire.phone]: fields.phone }),
})

const spoiling =
  ({ field, wire }: NonNullable<Party["unreadable"]>, collection: string, { clock, world }: TwinKit.KitTwin) =>
  (id: string): string => {
    world.edit(collection, id, wire, { at: clock.now() - AGO })
    return field
  }

const isWriteOf = (root: string, request: Asked): boolean =>
  ["POST", "PUT", "PATCH"].includes(request.method) &&
  (pathOf(request) === root || pathOf(request).startsWith(`${root}/`))

/** Every record with its values, without what two equal runs may differ in. */
const censusOf = ({ world }: TwinKit.KitTwin, { collections }: TwinKit.Declaration): ReadonlyArray<string> =>
  Object.entries(collections).flatMap(([name, { key }]) =>
    world
      .all(name)
      .map(({ [key.field]: _, ...row }) => `${name} ${JSON.stringify(row)}`)
      .sort(),
  )

const stageOf = <P extends Connector.Ports, Credentials, Client>(
  options: Options<P, Credentials, Client>,
  { clock, world }: Setting,
  looked: ReturnType<typeof Checked.connectors>,
): Stage => {
  const { declaration } = options
  const { auth, base = "", origin } = declaration
  const twin = options.twin?.({ clock }) ?? TwinKit.make(declaration, { clock })
  if (world !== undefined) twin.world.load(world)
  const collection = declaration.collections[options.party.collection] as TwinKit.Collection
  const root = `${base}/${collection.path ?? options.party.collection}`
  const isToken = (request: Asked) => auth.scheme === "oauth" && pathOf(request).endsWith(auth.tokenPath)
  const window = windowOf(declaration)
  const told: Told = new Map()
  const connect = Effect.fnUntraced(function* (how: Opening) {
    const store = yield* StateStore.StateStore
    const running = yield* Clock.Clock
    const context = yield* Effect.context<never>()
    const given: Given<Credentials> = {
      baseUrl: new URL(origin + base),
      fetch: how.fetch,
      clock: {
        now: () => running.currentTimeMillisUnsafe(),
        sleep: (millis, signal) =>
          Effect.runPromiseWith(context)(Effect.sleep(Duration.millis(millis)), signal && { signal }),
      },
      store,
      credentials: options.credentials,
      readOnly: how.readOnly ?? false,
      ...how.options,
    }
    const adapter = (how.adapter ?? options.adapter) as typeof options.adapter
    const connected = yield* looked(yield* Checked.opening(() => adapter(given)))
    const { entity } = options.party
    const port = connected.ports[entity]
    const ports = port === undefined ? connected.ports : { ...connected.ports, [entity]: heard(port, told) }
    return { ...connected, ports } as unknown as Connected
  })
  return {
    twin,
    connect,
    party: probeOf(options.party, twin, declaration, told),
    wrongCredentials: { options: { credentials: options.wrongCredentials } },
    plainHttp: { options: { baseUrl: new URL(`http://${new URL(origin).host}${base}`) } },
    ...(window === undefined ? {} : { limit: { requests: window.requests, windowMillis: window.millis } }),
    ...options.probes?.(twin),
    catchUp: Effect.sleep("10 minutes"),
    isWrite: (request) => isWriteOf(root, request),
    isRead: (request) => request.method === "GET" && pathOf(request) === root,
    isToken,
    isSafe: (request) => request.method === "GET" || isToken(request),
    census: () => censusOf(twin, declaration),
    secrets: Secrets.of(...Access.secrets(auth), ...Secrets.redactedIn(options.credentials)),
  }
}

export const make = <P extends Connector.Ports, Credentials, Client>(
  options: Options<P, Credentials, Client>,
): Subject => {
  const looked = Checked.connectors()
  const { has = [] } = options
  const absent = { ...without(absentOf(options.declaration, options.party), has), ...options.absent }
  return {
    name: options.name,
    version: options.version,
    apiVersion: options.apiVersion,
    profile: options.profile ?? "full",
    absent,
    undeclared: without(unseen(options.party), [...has, ...Object.keys(absent)]),
    ...(options.table === undefined ? {} : { table: options.table }),
    side: options.side ?? "erp",
    adapter: options.adapter,
    open: (setting) => stageOf(options, setting, looked),
  }
}
