/** Tokens of a public client that somebody consented to: each refresh token is good for one refresh. */
import type { Tokens } from "@mortise/conformance/kit/Probe"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"

export const tokens = (world: NetSuiteTwin.NetSuiteWorld): Tokens => ({
  lifetimeMillis: 3_600_000,
  revoke: () => {
    world.state.refreshTokens = []
  },
  refreshToken: () => world.state.refreshTokens.at(-1)?.token ?? "",
})
