/** What a rule looked at, and what was not as promised. */

export interface Witness {
  /** Something that has to hold; the text says what is wrong when it does not. */
  readonly holds: (condition: boolean, otherwise: string) => void
  /** Two values that have to be equal as JSON. */
  readonly equal: (found: unknown, expected: unknown, what: string) => void
  /** Two lists that have to hold the same values equally often, in whatever order. */
  readonly sameMultiset: (found: ReadonlyArray<unknown>, expected: ReadonlyArray<unknown>, what: string) => void
}

export interface Seen {
  readonly assertions: number
  readonly findings: ReadonlyArray<string>
}

const SHOWN = 300

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

/** What is in one list and not in the other, as multisets. */
export const difference = (
  expected: ReadonlyArray<unknown>,
  found: ReadonlyArray<unknown>,
): { readonly missing: ReadonlyArray<string>; readonly tooMany: ReadonlyArray<string> } => {
  const left = new Map<string, number>()
  const text = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"))
  for (const one of expected) left.set(text(one), (left.get(text(one)) ?? 0) + 1)
  for (const one of found) left.set(text(one), (left.get(text(one)) ?? 0) - 1)
  const times = (sign: 1 | -1) =>
    [...left].flatMap(([one, count]) => Array.from({ length: Math.max(0, sign * count) }, () => one))
  return { missing: times(1), tooMany: times(-1) }
}

/** The witness as the kit has it, which finds things that no rule looked for. */
export interface Recorder extends Witness {
  readonly finds: (what: string) => void
  readonly seen: () => Seen
}

export const make = (): Recorder => {
  const findings: Array<string> = []
  let assertions = 0
  const holds = (condition: boolean, otherwise: string): void => {
    assertions += 1
    if (!condition) findings.push(otherwise)
  }
  return {
    holds,
    equal: (found, expected, what) =>
      holds(
        JSON.stringify(found) === JSON.stringify(expected),
        `${what}: ${short(found)}, expected ${short(expected)}`,
      ),
    sameMultiset: (found, expected, what) => {
      const { missing, tooMany } = difference(expected, found)
      const told = [
        ...(missing.length === 0 ? [] : [`missing ${short(missing)}`]),
        ...(tooMany.length === 0 ? [] : [`too many ${short(tooMany)}`]),
      ]
      holds(told.length === 0, `${what}: ${told.join("; ")}`)
    },
    finds: (what) => void findings.push(what),
    seen: () => ({ assertions, findings }),
  }
}
