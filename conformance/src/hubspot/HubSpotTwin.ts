/**
 * A twin of a HubSpot portal: CRM objects, associations, properties, pipelines, owners, account, OAuth and webhooks, on
 * the legacy paths and the date versions 2026-03 and 2026-09.
 *
 * ```ts
 * const twin = HubSpotTwin.make({ clock })
 * twin.world.seed([{ type: "companies", properties: { name: "Åkerlund & Söner AB", domain: "akerlund.example" } }])
 * const reply = await twin.fetch("https://api.hubapi.com/crm/objects/2026-09/companies", {
 *   headers: { authorization: `Bearer ${twin.world.token}` },
 * })
 * ```
 */
import { documents } from "../generated/hubspot.ts"
import * as SpecValidator from "../twin/SpecValidator.ts"
import * as Twin from "../twin/Twin.ts"
import type * as Knobs from "./Knobs.ts"
import { Machine } from "./Machine.ts"
import * as Quirks from "./Quirks.ts"
import type { Portal } from "./State.ts"
import * as Wording from "./Wording.ts"
import * as World from "./World.ts"

export type { Knobs } from "./Knobs.ts"
export type { ObjectName } from "./ObjectTypes.ts"
export type { Seed, SeedAssociation } from "./Seeding.ts"
export type { Owner, Pipeline, Portal, PropertyDefinition, Stage, WriteRules } from "./State.ts"
export type { Subscription } from "./WebhookEvents.ts"
export type { Delivery, Target } from "./Webhooks.ts"
export type { HubSpotWorld, Seen, StaticToken } from "./World.ts"

export const origin = "https://api.hubapi.com"

/** The token that every portal has unless told otherwise. */
export const TOKEN = "pat-eu1-00000000-0000-4000-8000-000000000001"

export interface VendorOptions {
  readonly portal?: Partial<Portal>
  readonly knobs?: Partial<Knobs.Knobs>
  readonly token?: string
  /** For what happens before the first request; requests bring the twin's own. Defaults to one that stands still. */
  readonly clock?: Twin.TwinClock
  readonly seed?: number
  /** Made once for twins that are made by the hundred; each makes its own unless told. */
  readonly validator?: SpecValidator.SpecValidator
}

const still: Twin.TwinClock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => new Promise(() => {}) }

/** Holds requests against the descriptions in `specs/`. Keeps what it compiled. */
export const validator = (): SpecValidator.SpecValidator =>
  SpecValidator.make(Object.values(documents).map((document) => ({ prefix: "", document })))

export const vendor = (options: VendorOptions = {}): Twin.Vendor<World.HubSpotWorld> => {
  const machine = new Machine({
    portal: options.portal ?? {},
    clock: options.clock ?? still,
    random: Twin.seededRandom(options.seed ?? 1),
    validator: options.validator ?? validator(),
  })
  Object.assign(machine.hub.knobs, options.knobs)
  return {
    name: "hubspot",
    origin,
    world: World.make(machine, options.token ?? TOKEN),
    quirks: Quirks.all,
    handle: (request, context) => machine.handle(request, context),
    wordFault: Wording.word(machine),
  }
}

export interface Options extends VendorOptions, Twin.Options {
  readonly clock: Twin.TwinClock
  readonly seed?: number
}

export const make = (options: Options): Twin.Twin<World.HubSpotWorld> => Twin.make(vendor(options), options)
