/** The connectors that are judged, listed by hand. */
import type { Subject } from "@mortise/conformance/kit/Subject"
import * as Acumatica from "./acumatica/Acumatica.ts"
import * as Dynamics from "./dynamics/Dynamics.ts"
import * as ErpNext from "./erpnext/ErpNext.ts"
import * as HubSpot from "./hubspot/HubSpot.ts"
import * as NetSuite from "./netsuite/NetSuite.ts"

export const subjects: ReadonlyArray<Subject> = [
  HubSpot.subject,
  Dynamics.subject,
  Acumatica.subject,
  NetSuite.subject,
  ErpNext.subject,
]
