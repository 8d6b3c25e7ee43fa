/** What was submitted is the ERP's alone: only drafts are written, and nothing here submits, cancels or deletes. */

import { type Reason, Unsupported } from "@mortise/core/ConnectorError"
import type { Doc } from "./Doc.ts"

export const guard = (existing: Doc): Reason | undefined => {
  if (String(existing["docstatus"] ?? "0") === "0") return undefined
  return new Unsupported({
    message: "the document is no draft any more; only drafts are written",
    feature: "submittedDocument",
    mend: "correct it in the ERP",
  })
}
