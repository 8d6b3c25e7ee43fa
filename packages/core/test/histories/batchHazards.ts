/** What really happened in a run of batch histories, as the model saw it. */
export const NAMES = [
  "doubles in a call",
  "poisoned records met",
  "whole-batch failures",
  "partial failures",
  "shuffled answers",
  "throttles midway",
  "doors shut midway",
  "ambiguous failures, applied",
  "ambiguous failures, not applied",
  "records left out of the answer",
  "look-ups after a lost answer",
  "records that needed no write",
  "inputs refused without a request",
  "searches for a fault",
] as const

export type Name = (typeof NAMES)[number]

export class BatchHazards {
  readonly counts = new Map<Name, number>(NAMES.map((name) => [name, 0]))

  add(name: Name, times = 1): void {
    this.counts.set(name, this.of(name) + times)
  }

  of(name: Name): number {
    return this.counts.get(name) ?? 0
  }

  toString(): string {
    return NAMES.map((name) => `${this.of(name)} ${name}`).join(", ")
  }
}
