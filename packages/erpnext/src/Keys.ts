/**
 * Ids. A document is named by its `name`, which is what people know it by and what links point to. A name may hold almost
 * anything; what it cannot be is known without asking. It is no identity: records are renamed, and the newest number of a
 * series is given again after its deletion. That is what the unique field is for.
 */
import { NAME_LENGTH } from "./Limits.ts"

/** False for what no document can be named. */
export const isName = (id: string): boolean => id.trim() !== "" && id.length <= NAME_LENGTH && !/\p{Cc}/u.test(id)

/** Names that cannot stand in an address: for those that follow URLs they are a step up. */
export const fitsPath = (id: string): boolean => isName(id) && id !== "." && id !== ".."
