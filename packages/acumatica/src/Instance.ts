/** What an instance says about itself: its build and the endpoints that it serves. */

import { ConnectorError, Decode, NotFound, VersionMismatch } from "@mortise/core/ConnectorError"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Operations from "./Operations.ts"
import * as Routes from "./Routes.ts"
import type { Settings } from "./Settings.ts"
import { endpoint } from "./Versions.ts"

export interface Instance {
  readonly build: string | undefined
  /** Versions of the system endpoint. */
  readonly versions: ReadonlyArray<string>
}

type Members = { readonly [name: string]: unknown }
const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** An object with build and endpoints; older builds answer the bare list. */
const read = (body: unknown): Instance | undefined => {
  const list = Array.isArray(body) ? body : isObject(body) ? body["endpoints"] : undefined
  if (!Array.isArray(list)) return undefined
  const about = isObject(body) && isObject(body["version"]) ? body["version"] : {}
  const build = about["acumaticaBuildVersion"]
  const versions = list.flatMap((each: unknown) =>
    isObject(each) && each["name"] === endpoint && typeof each["version"] === "string" ? [each["version"]] : [],
  )
  return { build: typeof build === "string" ? build : undefined, versions }
}

const nowhere = ({ url }: Settings): ConnectorError =>
  new ConnectorError({
    system: "acumatica",
    operation: Operations.system.endpoints.name,
    reason: new NotFound({
      message: `there is no instance at ${url.host}${url.pathname}; check the path after the host`,
    }),
  })

export const instance = (open: Pipeline, settings: Settings): Effect.Effect<Instance, ConnectorError> =>
  open
    .call(Operations.system.endpoints, async (door) => ({
      response: await door.fetch(new Request(`${Routes.instance(settings.url)}${Routes.endpoints}`)),
    }))
    .pipe(
      Effect.catch((error) => Effect.fail(error.reason._tag === "NotFound" ? nowhere(settings) : error)),
      Effect.flatMap(({ exchange }) => {
        const found = read(exchange.body)
        if (found !== undefined) return Effect.succeed(found)
        const message = "the list of endpoints is neither an object nor a list; is this the address of an instance?"
        return Effect.fail(
          new ConnectorError({
            system: "acumatica",
            operation: Operations.system.endpoints.name,
            reason: new Decode({ message, issues: [] }),
          }),
        )
      }),
    )

/** Refuses an instance that does not serve the pinned version, and names what it serves. */
export const verify = (found: Instance, settings: Settings): Effect.Effect<void, ConnectorError> => {
  if (found.versions.includes(settings.version)) return Effect.void
  const served = found.versions.length === 0 ? `no version of ${endpoint}` : found.versions.join(", ")
  const message = `the instance does not serve ${endpoint}/${settings.version}; it serves ${served}`
  return Effect.fail(
    new ConnectorError({
      system: "acumatica",
      operation: Operations.system.endpoints.name,
      reason: new VersionMismatch({ message, pinned: settings.version, found: [...found.versions] }),
    }),
  )
}
