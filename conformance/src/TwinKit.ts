/**
 * A twin of any REST-like API, from a declaration: for people who test an adapter of their own.
 *
 * ```ts
 * const twin = TwinKit.make(
 *   {
 *     name: "ledgerette",
 *     origin: "https://api.ledgerette.example",
 *     auth: { scheme: "bearer", token: "made-up" },
 *     paging: { style: "page", page: "page", size: "per_page", default: 20, most: 50, items: "data", total: "total" },
 *     collections: {
 *       customers: { key: { field: "id", assigned: "number" }, fields: { name: { type: "text", required: true } } },
 *     },
 *   },
 *   { clock },
 * )
 * twin.world.seed("customers", [{ name: "Rossi" }])
 * await twin.fetch("https://api.ledgerette.example/customers", { headers: { authorization: "Bearer made-up" } })
 * ```
 *
 * It has what every twin has: a world, a journal of what reached it, a fault deck, the clock, and three ways in.
 */
import * as Twin from "./twin/Twin.ts"
import type { Declaration } from "./twinkit/Declaration.ts"
import * as Faults from "./twinkit/Faults.ts"
import * as Vendor from "./twinkit/Vendor.ts"
import type { KitWorld } from "./twinkit/World.ts"

export type {
  Auth,
  Code,
  Collection,
  Declaration,
  Errors,
  Field,
  Fields,
  Key,
  Limit,
  Modified,
  Paging,
  Problem,
  Row,
  Value,
} from "./twinkit/Declaration.ts"
export { BadDeclaration, type Fault } from "./twinkit/Faults.ts"
export type { Edit, KitWorld } from "./twinkit/World.ts"

export type KitTwin = Twin.Twin<KitWorld>

/** What is wrong with a declaration, each with its place and the mend; empty when nothing is. */
export const faults = (declaration: Declaration): ReadonlyArray<Faults.Fault> => Faults.of(declaration)

/** Throws {@link BadDeclaration}, with all faults at once. */
export const make = (declaration: Declaration, options: Twin.Options): KitTwin => {
  const found = Faults.of(declaration)
  if (found.length > 0) throw new Faults.BadDeclaration({ faults: found })
  return Twin.make(Vendor.make(declaration, options.clock), options)
}
