/** Mutants that the rules of ownership have to catch: who may write what. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import {
  delivering,
  door,
  each,
  forgetting,
  mapped,
  REFERENCE,
  reasonOf,
  switched,
  telling,
  upserting,
  type Write,
  writing,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"

const withPhone = (phone: string | null) => each((one) => ({ ...one, fields: { phone, ...one.fields } }))

/** A guard that does something of its own with what was refused. */
const guarding = (
  name: string,
  after: (
    outcomes: ReadonlyArray<Outcome.Outcome>,
    records: ReadonlyArray<Write>,
    there: (key: string | undefined) => Effect.Effect<boolean>,
    write: (write: Write) => Effect.Effect<Outcome.Outcome>,
  ) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>,
): Mutant => ({
  name,
  guard: (guarded, port) => ({
    ...guarded,
    upsert: (records, options) =>
      Effect.flatMap(guarded.upsert(records, options), (outcomes) =>
        after(
          outcomes,
          records,
          (key) =>
            Effect.map(
              Effect.orElseSucceed(port.find(key === undefined ? [] : [key]), () => new Map()),
              ({ size }) => size > 0,
            ),
          (write) => Effect.map(port.upsert([write]), ([one]) => one as Outcome.Outcome),
        ),
      ),
  }),
})

const isViolation = (outcome: Outcome.Outcome): boolean => reasonOf(outcome) === "OwnershipViolation"

const makesWhatItMayNot = guarding("makes records that it may only change", (outcomes, records, there, write) =>
  Effect.forEach(outcomes, (outcome, index) => {
    const record = records[index] as Write
    if (!isViolation(outcome) || outcomes.length < 2) return Effect.succeed(outcome)
    return Effect.flatMap(there(record.key), (is) => (is ? Effect.succeed(outcome) : write(record)))
  }),
)

const asksFirst: Mutant = {
  name: "asks the vendor before it refuses",
  guard: (guarded, port) => ({
    ...guarded,
    upsert: (records, options) =>
      Effect.andThen(
        Effect.ignore(port.find(records.flatMap(({ key }) => key ?? []))),
        guarded.upsert(records, options),
      ),
  }),
}

const keepsQuiet: Mutant = {
  name: "leaves out what it may not write, and says nothing",
  guard: (guarded, port) => ({
    ...guarded,
    upsert: (records, options) =>
      Effect.map(guarded.upsert(records, options), (outcomes) =>
        outcomes.map((outcome) => (isViolation(outcome) ? { _tag: "Unchanged", id: port.scope.system } : outcome)),
      ),
  }),
}

const writesANeighbour = upserting("writes what it changes into a neighbour too", (port, records, options) =>
  Effect.flatMap(port.upsert(records, options), (outcomes) =>
    Effect.as(
      Effect.forEach(outcomes, (outcome, index) => {
        const { fields, key } = records[index] as Write
        const neighbour = key?.replace(/1$/, "2")
        return outcome._tag === "Updated" && neighbour !== undefined && neighbour !== key
          ? port.upsert([{ key: neighbour, fields, create: false }])
          : Effect.void
      }),
      outcomes,
    ),
  ),
)

const asksForCost: Mutant = {
  name: "asks for the cost as well",
  connector: (connected) => ({
    ...connected,
    ports: Object.fromEntries(
      Object.entries(connected.ports).map(([name, port]) => [
        name,
        { ...port, features: { ...port.features, readable: [...port.features.readable, "averageCost"] } },
      ]),
    ),
  }),
}

const sendsForCost = door("names the cost in its questions", (request, fetch) => {
  const url = new URL(request.url)
  const fields = url.searchParams.get("fields")
  if (fields === null) return fetch(request)
  url.searchParams.set("fields", `${fields},standardCost`)
  return fetch(new Request(url, { method: request.method, headers: request.headers }))
})

const shouts = (value: unknown) => (typeof value === "string" ? value.toUpperCase() : value)

const tellsOtherwise = delivering("delivers names in capitals", (change) =>
  change._tag === "Upserted" ? [{ ...change, record: mapped(change.record, shouts) }] : [change],
)

export const ownership: ReadonlyArray<Known> = [
  {
    make: () => writing("fills in what was not supplied", withPhone("+49 30 9")),
    caughtBy: ["O/supplied-only"],
    on: REFERENCE,
  },
  {
    make: () => writing("clears what was not supplied", withPhone(null)),
    caughtBy: ["O/absent-is-not-null", "O/nothing-else-moves"],
    on: REFERENCE,
  },
  {
    make: () =>
      writing(
        "takes null for absent",
        each((one) => ({
          ...one,
          fields: Object.fromEntries(Object.entries(one.fields as object).filter(([, value]) => value !== null)),
        })),
      ),
    caughtBy: ["O/absent-is-not-null", "O/not-clearable", "V/null-is-read"],
    on: REFERENCE,
  },
  {
    make: () =>
      writing(
        "writes an empty text where nothing is to be",
        each((one) => ({ ...one, fields: mapped(one.fields, (value) => value ?? "") as Write["fields"] })),
      ),
    caughtBy: ["O/not-clearable"],
    on: REFERENCE,
  },
  {
    make: () => ({
      name: "claims that everything can be cleared",
      port: (port) => ({ ...port, features: { ...port.features, notClearable: [] } }),
    }),
    caughtBy: ["O/not-clearable"],
    on: REFERENCE,
  },
  { make: () => writesANeighbour, caughtBy: ["O/nothing-else-moves"], on: REFERENCE },
  {
    make: () => switched("empties with an update what it does not know", "clearsOthers"),
    caughtBy: ["O/custom-survives", "O/supplied-only"],
    on: REFERENCE,
  },
  {
    make: () => ({ name: "writes though it was opened read-only", how: (how) => ({ ...how, readOnly: false }) }),
    caughtBy: ["O/read-only"],
  },
  {
    make: () => ({ name: "writes whatever is asked, whoever owns it", guard: (_, port) => port }),
    caughtBy: ["O/foreign-field", "O/create-right", "O/no-table"],
  },
  { make: () => makesWhatItMayNot, caughtBy: ["O/create-right"], on: REFERENCE },
  { make: () => asksFirst, caughtBy: ["O/foreign-field", "O/no-table"], on: REFERENCE },
  { make: () => keepsQuiet, caughtBy: ["O/foreign-field", "O/create-right", "O/no-table"], on: REFERENCE },
  {
    make: () =>
      writing(
        "forgets which revision was asked for",
        each(({ ifRevision: _, ...one }) => one),
      ),
    caughtBy: ["O/stale-revision", "O/no-revisions"],
    on: REFERENCE,
  },
  {
    make: () =>
      telling("takes a conflict for something that was written", (outcome, { id = "" }) =>
        reasonOf(outcome) === "Conflict" ? { _tag: "Updated", id } : outcome,
      ),
    caughtBy: ["O/stale-revision", "O/no-revisions"],
    on: REFERENCE,
  },
  { make: () => asksForCost, caughtBy: ["O/denied"], on: REFERENCE },
  { make: () => sendsForCost, caughtBy: ["O/denied"], on: REFERENCE },
  { make: () => tellsOtherwise, caughtBy: ["O/echo-ends"], on: REFERENCE },
  {
    make: () => forgetting("forgets which records of the two sides are one", "back"),
    caughtBy: ["O/echo-ends"],
    on: REFERENCE,
  },
]
