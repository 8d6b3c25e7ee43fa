/** The connectors that are judged, listed by hand. */
import type { Subject } from "../Bench.ts"
import * as Acumatica from "./Acumatica.ts"
import * as HubSpot from "./HubSpot.ts"

export const subjects: ReadonlyArray<Subject> = [HubSpot.subject, Acumatica.subject]
