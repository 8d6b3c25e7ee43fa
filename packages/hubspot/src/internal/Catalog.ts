/**
 * What a portal defines: the properties of each object type and the pipelines of deals. Read once, when first needed;
 * read again after `prepare` made something. One value a connector.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Client, Schemas } from "../Client.ts"
import * as Operations from "../Operations.ts"
import type { ObjectType } from "./Mapping.ts"

export type Definition = Schemas["Property"]
export type Definitions = ReadonlyMap<string, Definition>
export type StageKind = "won" | "lost" | "open"

export interface Catalog {
  readonly properties: (type: ObjectType) => Effect.Effect<Definitions, ConnectorError>
  /** What was read so far, without asking. */
  readonly known: (type: ObjectType) => Definitions | undefined
  readonly refresh: (type: ObjectType) => Effect.Effect<Definitions, ConnectorError>
  /** By `pipeline/stage`, and by stage alone. */
  readonly stages: Effect.Effect<ReadonlyMap<string, StageKind>, ConnectorError>
}

/** HubSpot: guide "Pipelines": probability from 0.0 to 1.0 and `isClosed`, both as text. */
const kindOf = (stage: Schemas["Stage"]): StageKind => {
  const probability = Number(stage.metadata["probability"] ?? "")
  const closed = stage.metadata["isClosed"] === "true"
  if (probability === 1 && closed) return "won"
  return closed && probability === 0 ? "lost" : "open"
}

const stagesOf = (pipelines: Schemas["PipelineList"]): ReadonlyMap<string, StageKind> =>
  new Map(
    pipelines.results.flatMap((pipeline) =>
      pipeline.stages.flatMap((stage) => [
        [stage.id, kindOf(stage)] as const,
        [`${pipeline.id}/${stage.id}`, kindOf(stage)] as const,
      ]),
    ),
  )

export const make = (client: Client): Catalog => {
  const known = new Map<ObjectType, Definitions>()
  // Several batches that start together ask once.
  const turnstile = Semaphore.makeUnsafe(1)
  let stages: ReadonlyMap<string, StageKind> | undefined

  const refresh = (type: ObjectType) =>
    client
      .call(Operations.properties.list, (api, door) =>
        api.GET("/crm/properties/2026-09/{objectType}", { ...door, params: { path: { objectType: type } } }),
      )
      .pipe(
        Effect.map(({ data }) => {
          const definitions: Definitions = new Map(data.results.map((each) => [each.name, each]))
          known.set(type, definitions)
          return definitions
        }),
      )

  return {
    refresh,
    known: (type) => known.get(type),
    properties: (type) =>
      turnstile.withPermit(
        Effect.suspend(() => {
          const found = known.get(type)
          return found === undefined ? refresh(type) : Effect.succeed(found)
        }),
      ),
    stages: Effect.suspend(() => {
      if (stages !== undefined) return Effect.succeed(stages)
      return client
        .call(Operations.pipelines.list, (api, door) =>
          api.GET("/crm/pipelines/2026-09/{objectType}", { ...door, params: { path: { objectType: "deals" } } }),
        )
        .pipe(
          Effect.map(({ data }) => {
            stages = stagesOf(data)
            return stages
          }),
        )
    }),
  }
}
