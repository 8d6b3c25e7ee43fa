/** Tokens of a connected app, as the rules see them. */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { Tokens } from "@mortise/conformance/kit/Probe"

export const tokens = (world: AcumaticaTwin.AcumaticaWorld): Tokens => ({
  lifetimeMillis: 3_600_000,
  revoke: () => {
    for (const grant of world.state.grants.values()) delete grant.refresh
  },
})
