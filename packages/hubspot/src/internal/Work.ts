/** What is known while a batch of writes is being looked at, and what was decided of it so far. */
import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import type { Reason } from "@mortise/core/ConnectorError"
import * as Errors from "../Errors.ts"
import * as Identity from "../Identity.ts"
import type * as Drafts from "./Draft.ts"
import type * as Fields from "./Fields.ts"
import type * as Mapping from "./Mapping.ts"
import type * as Plan from "./Plan.ts"
import type * as Session from "./Session.ts"

export type Prepared = BatchUpsert.Prepared<Plan.Plan>
export type Draft = Drafts.Draft

export interface Work {
  readonly session: Session.Session
  readonly mapping: Mapping.Any
  readonly operation: string
  readonly carrier: Exclude<Identity.Carrier, { readonly kind: "unprepared" }>
  readonly kinds: (property: string) => Fields.Kind
  /** False: what HubSpot holds already is sent again. */
  readonly compare: boolean
  /** The properties that the comparison needs. */
  readonly properties: ReadonlyArray<string>
  /** What was decided so far. */
  readonly decided: Map<string, Prepared>
}

export const reject = (work: Work, trace: string, reason: Reason, id?: string): void => {
  const error = Errors.fail(work.operation, reason)
  work.decided.set(trace, { trace, outcome: { _tag: "Rejected", error, ...(id === undefined ? {} : { id }) } })
}

export const open = (work: Work, drafts: ReadonlyArray<Draft>) => drafts.filter(({ trace }) => !work.decided.has(trace))

/** The value that addresses a record of ours, in the property that carries the identity. */
export const addressOf = ({ carrier }: Work, draft: Draft): Plan.Plan["address"] => {
  if (carrier.kind === "property") {
    const value = draft.key === undefined ? undefined : Identity.encode(draft.key)
    return value === undefined ? undefined : { property: carrier.property, value }
  }
  if (carrier.kind !== "standIn") return undefined
  const text = draft.writes[carrier.property]
  const value = carrier.property === "email" ? text?.trim().toLowerCase() : text
  return value === undefined || value === "" ? undefined : { property: carrier.property, value }
}
