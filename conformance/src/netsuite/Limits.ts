/**
 * What the account lets through: so many requests in flight, and nothing else. Whoever is over is refused at once and not
 * told when to come back. Oracle: help, bridgehead 1500275603.
 */
import type { TwinReply } from "../twin/Twin.ts"
import { type Call, json } from "./Call.ts"
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"

export class Limits {
  private readonly knobs: () => Knobs
  private running = 0

  constructor(knobs: () => Knobs) {
    this.knobs = knobs
  }

  async admit(work: () => Promise<TwinReply>): Promise<TwinReply> {
    const { concurrency, integrationConcurrency } = this.knobs()
    if (this.running >= Math.min(concurrency, integrationConcurrency ?? concurrency)) return Errors.tooMany()
    this.running += 1
    try {
      return await work()
    } finally {
      this.running -= 1
    }
  }
}

/** For administrators. */
export const governance = ({ world }: Call): TwinReply => {
  if (!world.state.role.administrator) throw Errors.noPermission(world.knobs.forbidden)
  const { concurrency, integrationConcurrency } = world.knobs
  return json(200, {
    accountConcurrencyLimit: concurrency,
    accountUnallocatedConcurrencyLimit: concurrency - (integrationConcurrency ?? 0),
    ...(integrationConcurrency === null ? {} : { integrationConcurrencyLimit: integrationConcurrency }),
    integrationLimitType: integrationConcurrency === null ? "accountLimit" : "integrationSpecific",
  })
}
