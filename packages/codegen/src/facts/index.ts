/** The facts of each vendor. */
import type { System } from "../Description.ts"
import { acumatica } from "./acumatica.ts"
import { dynamics } from "./dynamics.ts"
import { erpnext } from "./erpnext.ts"
import type { EntityFacts, Facts } from "./Facts.ts"
import { hubspot } from "./hubspot.ts"
import { netsuite } from "./netsuite.ts"

const all: { readonly [system in System]: Facts } = { acumatica, dynamics, erpnext, hubspot, netsuite }

export const factsOf = (system: System): Facts => all[system]

/** Of an entity by whatever name a description gives it. */
export const entityFacts = ({ entities }: Facts, name: string): EntityFacts =>
  Object.hasOwn(entities, name) ? (entities[name] ?? {}) : {}
