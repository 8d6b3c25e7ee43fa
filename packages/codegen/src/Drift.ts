/**
 * What has changed between the description that a program was built with and the one that the instance serves now.
 *
 * Order, wording and formatting of a description mean nothing here; a digest that differs is shown and is no change.
 *
 * ```ts
 * const report = Drift.compare(pinned, live)
 * console.log(Drift.text(report))
 * process.exitCode = Drift.exitCode(report)
 * ```
 */
import type { ApiDocument, EntityDescription, Origin } from "./Description.ts"
import { type Change, change, type Grade, grades, order } from "./drift/Change.ts"
import { entityChanges } from "./drift/entities.ts"
import { fieldChanges } from "./drift/fields.ts"
import { leavesOf } from "./drift/leaves.ts"
import { bodiesOf, pathChanges } from "./drift/paths.ts"
import { closure } from "./internal/references.ts"
import { refTo, schemaOf } from "./internal/schemas.ts"

export type { Change, Grade, Kind } from "./drift/Change.ts"

export interface Report {
  readonly pinned: Origin
  readonly live: Origin
  /** Both were made of the same bytes. */
  readonly identical: boolean
  /** The gravest first; of the same grade by name. */
  readonly changes: ReadonlyArray<Change>
  readonly counts: { readonly [grade in Grade]: number }
}

const sourceChanges = (before: Origin, after: Origin): ReadonlyArray<Change> => {
  const one = (
    grade: Grade,
    field: "endpointVersion" | "contractVersion" | "build" | "version",
  ): ReadonlyArray<Change> => {
    const [was, is] = [before[field], after[field]]
    // Where one of the two does not tell, nothing is known to have changed.
    if (was === undefined || is === undefined || was === "" || is === "" || was === is) return []
    return [change(grade, "version", { subject: "source", field }, was, is)]
  }
  const isAcumatica = before.endpointVersion !== undefined && after.endpointVersion !== undefined
  return [
    ...one("breaking", "endpointVersion"),
    ...one("breaking", "contractVersion"),
    ...one("info", "build"),
    ...(isAcumatica ? [] : one("warning", "version")),
  ]
}

const byName = (entities: ReadonlyArray<EntityDescription>): ReadonlyMap<string, EntityDescription> =>
  new Map(entities.map((entity) => [entity.name, entity]))

const ofEntity = (pinned: ApiDocument, live: ApiDocument, before: EntityDescription, after: EntityDescription) => {
  const was = leavesOf(pinned.openapi31.components.schemas, before.schema)
  const is = leavesOf(live.openapi31.components.schemas, after.schema)
  const isInner = (field: string): boolean => (was.get(field)?.depth ?? 0) > 0
  const shared = new Set([...was.keys()].filter((field) => is.has(field) && !isInner(field)))
  const fields = fieldChanges(before.name, unforced(was), unforced(is), { isSent: before.writable, locks: isInner })
  const told = new Set(fields.map(({ field, kind }) => `${kind} ${field}`))
  const more = entityChanges(before, after, { shared, inSchema: new Set([...was.keys(), ...is.keys()]) })
  return [...fields, ...more.filter(({ field, kind }) => !told.has(`${kind} ${field}`))]
}

/** What a create of an entity needs is told once, by the entity. */
const unforced = (leaves: ReturnType<typeof leavesOf>): ReturnType<typeof leavesOf> =>
  new Map([...leaves].map(([field, leaf]) => [field, leaf.depth > 0 ? leaf : { ...leaf, required: false }]))

const entitiesChanges = (pinned: ApiDocument, live: ApiDocument): ReadonlyArray<Change> => {
  const [was, is] = [byName(pinned.entities), byName(live.entities)]
  const found: Array<Change> = []
  const told = new Set<string>()
  for (const [name, before] of was) {
    const after = is.get(name)
    if (after === undefined) found.push(change("breaking", "removed", { subject: name }, "entity"))
    else if (told.has(before.schema))
      found.push(...ofEntity(pinned, live, before, after).filter(({ kind }) => kind === "keys"))
    else {
      told.add(before.schema)
      found.push(...ofEntity(pinned, live, before, after))
    }
  }
  for (const name of is.keys())
    if (!was.has(name)) found.push(change("info", "added", { subject: name }, undefined, "entity"))
  return found
}

/** Schemas that are sent: what is required of one that is only answered asks nothing of anybody. */
const writtenIn = ({ entities, openapi31 }: ApiDocument): ReadonlySet<string> => {
  const records = entities.filter(({ writable }) => writable).map(({ schema }) => refTo(schema))
  const { kept } = closure(openapi31, [...bodiesOf(openapi31), ...records])
  return new Set([...kept].flatMap((reference) => schemaOf(reference) ?? []))
}

/** Records inside of others, shared values, enumerations. One that came or went did so with the field that refers to it. */
const schemaChanges = (pinned: ApiDocument, live: ApiDocument): ReadonlyArray<Change> => {
  const [was, is] = [pinned.openapi31.components.schemas, live.openapi31.components.schemas]
  const entities = new Set([...pinned.entities, ...live.entities].map(({ schema }) => schema))
  const written = writtenIn(live)
  return Object.keys(was)
    .filter((name) => is[name] !== undefined && !entities.has(name))
    .flatMap((name) =>
      fieldChanges(name, leavesOf(was, name), leavesOf(is, name), { isSent: written.has(name), locks: () => true }),
    )
}

export const compare = (pinned: ApiDocument, live: ApiDocument): Report => {
  const found = [
    ...sourceChanges(pinned.source, live.source),
    ...entitiesChanges(pinned, live),
    ...schemaChanges(pinned, live),
    ...pathChanges(pinned.openapi31, live.openapi31),
  ].sort(order)
  const count = (grade: Grade): number => found.filter((each) => each.grade === grade).length
  return {
    pinned: pinned.source,
    live: live.source,
    identical: pinned.source.digest === live.source.digest,
    changes: found,
    counts: { breaking: count("breaking"), warning: count("warning"), info: count("info") },
  }
}

/** 2 when something breaks, 1 when something is to be looked at, else 0. */
export const exitCode = ({ counts }: Report): 0 | 1 | 2 => (counts.breaking > 0 ? 2 : counts.warning > 0 ? 1 : 0)

/** For programs: the report as it is, in the same order each time. */
export const json = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`

const told = ({ build, contractVersion, digest, endpointVersion, name, version }: Origin): string => {
  const words = [
    endpointVersion ?? version,
    contractVersion === undefined ? "" : `contract ${contractVersion}`,
    build === undefined ? "" : `build ${build}`,
    `sha256 ${digest.slice(0, 12)}`,
  ]
  return `${name} (${words.filter((word) => word !== "").join(", ")})`
}

const line = ({ after, before, field, kind, subject }: Change): string => {
  const where = field === undefined ? subject : `${subject}.${field}`
  const what = [before, after]
  const words = what.every((each) => each !== undefined)
    ? what.join(" -> ")
    : before === undefined
      ? `+ ${after ?? ""}`
      : `- ${before}`
  return `  ${where}: ${kind}: ${words}`
}

/** Names come from a file, and a terminal obeys control characters. */
const shown = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "")

/** For people: one line a change, the gravest first. */
export const text = (report: Report): string => {
  const head = [`pinned: ${told(report.pinned)}`, `live:   ${told(report.live)}`]
  if (report.changes.length === 0) return `${[...head, "nothing has changed"].map(shown).join("\n")}\n`
  const groups = grades.flatMap((grade) => {
    const own = report.changes.filter((each) => each.grade === grade)
    return own.length === 0 ? [] : [`${grade}: ${own.length}`, ...own.map(line)]
  })
  return `${[...head, ...groups].map(shown).join("\n")}\n`
}
