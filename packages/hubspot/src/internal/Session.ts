/** What all parts of one connector share. */
import { type ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Client } from "../Client.ts"
import * as Errors from "../Errors.ts"
import * as Identity from "../Identity.ts"
import type * as Catalog from "./Catalog.ts"
import type * as Claims from "./Claims.ts"
import type * as Fields from "./Fields.ts"
import type * as Mapping from "./Mapping.ts"

export interface Session {
  readonly client: Client
  readonly store: StateStore.Service
  readonly scope: Scope.Scope
  readonly catalog: Catalog.Catalog
  readonly claims: Claims.Claims
  readonly keyProperty: string
  readonly companyCurrency: string | undefined
  readonly timeZone: string | undefined
  readonly readOnly: boolean
  readonly indexLag: Duration.Duration
  readonly deletionsEvery: Duration.Duration
  /** Types on which the portal refused our key property. One set a connector, filled from the store and by `prepare`. */
  readonly refused: Set<Mapping.ObjectType>
  /** Types that this portal does not have or does not show, with the reason. */
  readonly unreadable: Map<Mapping.ObjectType, string>
  /** Types that this portal does not let be written, with the reason. One map a connector. */
  readonly unwritable: Map<Mapping.ObjectType, string>
}

/** A name in the state store that is this portal's alone. */
export const setting = (session: Pick<Session, "scope">, name: string): string =>
  `${Scope.format(session.scope)}|${name}`

const refusedName = (type: Mapping.ObjectType) => `keyRefused|${type}`

/** What `prepare` of an earlier run found refused. */
export const loadRefused = Effect.fnUntraced(function* (
  session: Pick<Session, "scope" | "store" | "refused">,
  types: ReadonlyArray<Mapping.ObjectType>,
) {
  for (const type of types) {
    const found = yield* session.store.setting(setting(session, refusedName(type)))
    if (Option.isSome(found) && found.value === "yes") session.refused.add(type)
  }
})

export const noteRefused = (session: Session, type: Mapping.ObjectType, refused: boolean) =>
  Effect.suspend(() => {
    if (refused === session.refused.has(type)) return Effect.void
    if (refused) session.refused.add(type)
    else session.refused.delete(type)
    return session.store.putSetting(setting(session, refusedName(type)), refused ? "yes" : "no")
  })

/** How records of a type are found again, by what is known of the portal so far. */
export const carrier = (session: Session, mapping: Mapping.Any): Identity.Carrier =>
  Identity.carrier({
    mapping,
    keyProperty: session.keyProperty,
    definitions: session.catalog.known(mapping.type),
    refused: session.refused.has(mapping.type),
  })

export const unprepared = (operation: string, property: string, type: string): ConnectorError =>
  Errors.fail(
    operation,
    new Unsupported({
      feature: `identity.${type}`,
      message: `${type} have no unique property ${property} that could carry our key`,
      mend: "run prepare() once with a token that may change property definitions",
    }),
  )

/** What decoding and encoding depend on. Stages are there only where they were asked for. */
export const context = (
  session: Session,
  type: Mapping.ObjectType,
  stages: ReadonlyMap<string, Catalog.StageKind> = new Map(),
): Fields.Context => ({
  companyCurrency: session.companyCurrency,
  typeOf: (property) => session.catalog.known(type)?.get(property)?.type,
  stage: (pipeline, stage) =>
    (pipeline === undefined ? undefined : stages.get(`${pipeline}/${stage}`)) ?? stages.get(stage),
})
