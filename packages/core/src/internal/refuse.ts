/** How a connector says that it is not opened with what one of its options holds. */
import * as Effect from "effect/Effect"
import { ConnectorError, Invalid } from "../ConnectorError.ts"

/** `Invalid` that names the option and the fault, and never repeats the value. */
export const refuse = (system: string, field: string, fault: string): Effect.Effect<never, ConnectorError> => {
  const issues = [{ path: [field], message: fault }]
  return Effect.fail(
    new ConnectorError({ system, reason: new Invalid({ message: `${field} is refused: ${fault}`, issues }) }),
  )
}
