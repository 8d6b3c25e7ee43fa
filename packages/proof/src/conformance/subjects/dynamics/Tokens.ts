/** Tokens of an app of Microsoft Entra ID, as the rules see them. There is no refresh token: the secret is shown again. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Tokens } from "@mortise/conformance/kit/Probe"

export const tokens = (world: DynamicsTwin.DynamicsWorld, lifetimeMillis: number): Tokens => ({
  lifetimeMillis,
  revoke: () => {
    world.state.apps = world.state.apps.map((app) => ({ ...app, secret: "changed by somebody" }))
  },
})
