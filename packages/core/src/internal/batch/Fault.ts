import type * as BatchUpsert from "../../BatchUpsert.ts"
import type { ConnectorError } from "../../ConnectorError.ts"

/** What a failure of a whole request says, unless the connector knows better. */
export const fault = (error: ConnectorError): BatchUpsert.Fault => {
  switch (error.reason._tag) {
    case "Invalid":
    case "Duplicate":
    case "MissingReference":
    case "Ambiguous":
    case "Conflict":
    case "NotFound":
    case "OwnershipViolation":
      return "record"
    case "Unsupported":
      return "every"
    case "Transport":
      return error.reason.sent ? "ambiguous" : "door"
    case "Unavailable":
      return error.reason.applied === false ? "door" : "ambiguous"
    case "Decode":
    case "UnknownOutcome":
      return "ambiguous"
    default:
      return "door"
  }
}
