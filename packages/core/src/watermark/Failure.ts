/** How a reading says that a source does not keep to what its connector declared. */
import { ConnectorError, Decode } from "../ConnectorError.ts"
import type { Reading } from "../Reading.ts"

/** `field` is what the source broke, `message` says what was expected, what came and what mends it. */
export const broken = (reading: Reading, field: string, message: string): ConnectorError =>
  new ConnectorError({
    system: reading.scope.system,
    operation: `${reading.entity}.changes`,
    reason: new Decode({ message: `${field}: ${message}`, issues: [{ path: [field], message }] }),
  })
