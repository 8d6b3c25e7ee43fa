/** What was released is the ERP's alone: only drafts on hold are written. */

import { ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Resource } from "../Versions.ts"

export const guard =
  (resource: Resource) =>
  (_: unknown, { existing }: { readonly existing?: unknown }): Effect.Effect<void, ConnectorError> => {
    const hold = (existing as { readonly Hold?: { readonly value?: boolean | null } } | undefined)?.Hold
    if (existing === undefined || hold?.value === true) return Effect.void
    return Effect.fail(
      new ConnectorError({
        system: "acumatica",
        operation: `acumatica.${resource}.put`,
        reason: new Unsupported({
          message: "the document is no draft any more; only drafts on hold are written",
          feature: "releasedDocument",
          mend: "correct it in the ERP",
        }),
      }),
    )
  }
