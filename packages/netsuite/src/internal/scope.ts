/** One account, and one subsidiary of it where documents are kept apart. */
import type * as Scope from "@mortise/core/Scope"
import * as Routes from "../Routes.ts"
import type { Settings } from "../Settings.ts"

export const scopeOf = ({ account, subsidiary }: Settings): Scope.Scope => ({
  system: "netsuite",
  instance: Routes.label(account) ?? account,
  ...(subsidiary === undefined ? {} : { company: subsidiary }),
})
