/** Tokens of a site's OAuth client, as the rules see them. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Tokens } from "@mortise/conformance/kit/Probe"

export const tokens = (world: ErpNextTwin.ErpNextWorld): Tokens => ({
  lifetimeMillis: 3_600_000,
  revoke: () => {
    for (const token of world.site.state.tokens.values()) token.revoked = true
  },
})
