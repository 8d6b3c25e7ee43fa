/** The facts of each vendor. */
import type { System } from "../Description.ts"
import { acumatica } from "./acumatica.ts"
import { dynamics } from "./dynamics.ts"
import { erpnext } from "./erpnext.ts"
import type { Facts } from "./Facts.ts"
import { hubspot } from "./hubspot.ts"
import { netsuite } from "./netsuite.ts"

const all: { readonly [system in System]: Facts } = { acumatica, dynamics, erpnext, hubspot, netsuite }

export const factsOf = (system: System): Facts => all[system]
