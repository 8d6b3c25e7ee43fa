/** What rules read off outcomes. */
import type * as Outcome from "@mortise/core/Outcome"

type Outcomes = ReadonlyArray<Outcome.Outcome>

export const tags = (outcomes: Outcomes): ReadonlyArray<string> => outcomes.map(({ _tag }) => _tag)

export const ids = (outcomes: Outcomes): ReadonlyArray<string | undefined> =>
  outcomes.map((outcome) => ("id" in outcome ? outcome.id : undefined))

/** The tags of the reasons; undefined where nothing failed. */
export const reasons = (outcomes: Outcomes): ReadonlyArray<string | undefined> =>
  outcomes.map((outcome) => ("error" in outcome ? outcome.error.reason._tag : undefined))
