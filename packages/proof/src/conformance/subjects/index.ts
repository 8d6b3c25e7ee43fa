/** The connectors that are judged, listed by hand. */
import type { Subject } from "@mortise/conformance/kit/Subject"
import * as Acumatica from "./acumatica/Acumatica.ts"
import * as Dynamics from "./dynamics/Dynamics.ts"
import * as ErpNext from "./erpnext/ErpNext.ts"
import * as HubSpot from "./hubspot/HubSpot.ts"

export const subjects: ReadonlyArray<Subject> = [
  HubSpot.subject,
  Dynamics.subject,
  Acumatica.subject,
  ErpNext.subject,
]
