/** The memory of an adapter that should have none, a file away from its subject. */
import type * as StateStore from "@mortise/core/StateStore"

export const intents = new Map<string, ReadonlyArray<StateStore.Intent>>()
