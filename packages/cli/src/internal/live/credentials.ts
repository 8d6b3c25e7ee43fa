/** Headers from what the settings hold: a token as it is, or one that is asked for. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type CommandError, commandError } from "../../CommandError.ts"
import type { Credentials } from "../Door.ts"

export const none: Effect.Effect<Credentials, CommandError> = Effect.succeed({})

/** One line of printable characters, or nothing is sent: a key that was copied with a line break is no key. */
export const authorization = (
  scheme: string,
  secret: Redacted.Redacted<string>,
): Effect.Effect<Credentials, CommandError> =>
  Effect.suspend(() => {
    const value = Redacted.value(secret)
    if (/^[\x21-\x7e]+$/.test(value)) return Effect.succeed({ authorization: `${scheme} ${value}` })
    const message = "the credentials hold a blank, a line break or another character that no header can carry."
    return Effect.fail(commandError("Credentials", message))
  })

export const bearer = (token: Redacted.Redacted<string>) => authorization("Bearer", token)

/** The messages of the connectors name fields and shapes, never a secret. */
const worded = (error: ConnectorError): CommandError =>
  commandError("Credentials", `no token was given: ${error.reason.message}`)

export const granted = (grant: Effect.Effect<OAuth.OAuth, ConnectorError>) =>
  Effect.map(Effect.mapError(grant, worded), ({ headers }) =>
    Effect.map(Effect.mapError(headers, worded), (given): Credentials => given),
  )
