/** Headers from what the settings hold: a token as it is, or one that is asked for. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type CommandError, commandError } from "../CommandError.ts"
import type { Credentials } from "../Door.ts"

export const none: Effect.Effect<Credentials, CommandError> = Effect.succeed({})

export const bearer = (token: Redacted.Redacted<string>): Effect.Effect<Credentials, CommandError> =>
  Effect.sync(() => ({ authorization: `Bearer ${Redacted.value(token)}` }))

/** The messages of the connectors name fields and shapes, never a secret. */
const worded = (error: ConnectorError): CommandError =>
  commandError("Credentials", `no token was given: ${error.reason.message}`)

export const granted = (grant: Effect.Effect<OAuth.OAuth, ConnectorError>) =>
  Effect.map(Effect.mapError(grant, worded), ({ headers }) =>
    Effect.map(Effect.mapError(headers, worded), (given): Credentials => given),
  )
