/** Tokens of a public app, as the rules see them. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Tokens } from "@mortise/conformance/kit/Probe"

export const tokens = (world: HubSpotTwin.HubSpotWorld): Tokens => ({
  lifetimeMillis: 1_800_000,
  revoke: () => world.oauth.uninstall(),
})
