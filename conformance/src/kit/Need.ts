/** What a rule needs of the bench; a subject that neither has it nor declares it absent is told so. */
import type { Bench } from "./Bench.ts"
import type { Feature } from "./Feature.ts"

/** Thrown by a rule whose probe the subject does not have. */
export class Lacking extends Error {
  constructor(feature: Feature) {
    super(`the subject has no probe for ${feature}, and does not declare it absent: it needs the one or the other`)
  }
}

export const need = <A>(probe: A | undefined, feature: Feature): A => {
  if (probe === undefined) throw new Lacking(feature)
  return probe
}

/** Whether the subject is not declared without it: for a rule that asks more of those who have it. */
export const has = ({ subject }: Pick<Bench, "subject">, feature: Feature): boolean =>
  subject.absent[feature] === undefined
