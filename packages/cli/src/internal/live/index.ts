/** The servers that are known, one a system. */
import type { System } from "@mortise/codegen/Description"
import * as Acumatica from "./Acumatica.ts"
import * as Dynamics from "./Dynamics.ts"
import * as ErpNext from "./ErpNext.ts"
import * as HubSpot from "./HubSpot.ts"
import type { Live } from "./Live.ts"
import * as NetSuite from "./NetSuite.ts"

export const all: Readonly<Record<System, Live>> = {
  hubspot: HubSpot.live,
  acumatica: Acumatica.live,
  dynamics: Dynamics.live,
  netsuite: NetSuite.live,
  erpnext: ErpNext.live,
}

/** How the address of an instance looks, for the help. */
export const addresses: Readonly<Record<System, string>> = {
  hubspot: "https://api.hubapi.com, or with a version: https://api.hubapi.com/crm/properties/2026-03",
  acumatica: "https://<instance>/entity/<endpoint>/<version>, with ?company=<tenant> where there are several",
  dynamics: "https://<environment>/data/$metadata, or the same facts in JSON: https://<environment>/metadata",
  netsuite: "https://<account>.suitetalk.api.netsuite.com",
  erpnext: "https://<site>",
}
