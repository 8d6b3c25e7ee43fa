/** What a rule saw: how often each of its hazards happened, what it looked at, and what was not as promised. */

export interface Witness {
  /** So often this happened, by the journal of the twin. Told more than once, every one of them has to have happened. */
  readonly saw: (hazard: string, times: number) => void
  /** Something that has to hold; the text says what is wrong when it does not. */
  readonly holds: (condition: boolean, otherwise: string) => void
  /** Two values that have to be equal as JSON. */
  readonly equal: (found: unknown, expected: unknown, what: string) => void
}

export interface Seen {
  readonly hazards: ReadonlyMap<string, number>
  readonly assertions: number
  readonly findings: ReadonlyArray<string>
}

const SHOWN = 300

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

export const make = (): Witness & { readonly seen: () => Seen } => {
  const hazards = new Map<string, number>()
  const findings: Array<string> = []
  let assertions = 0
  const holds = (condition: boolean, otherwise: string): void => {
    assertions += 1
    if (!condition) findings.push(otherwise)
  }
  return {
    saw: (hazard, times) => void hazards.set(hazard, (hazards.get(hazard) ?? 0) + times),
    holds,
    equal: (found, expected, what) =>
      holds(
        JSON.stringify(found) === JSON.stringify(expected),
        `${what}: ${short(found)}, expected ${short(expected)}`,
      ),
    seen: () => ({ hazards, assertions, findings }),
  }
}
