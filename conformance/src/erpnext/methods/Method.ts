/** A function of the site that is called by its dotted name. */
import type { Queries } from "../query/Query.ts"
import type { Params } from "../Request.ts"
import type { Site } from "../Site.ts"

/** What it gives stands under `message`, or under `data` in v2; undefined gives no such member. */
export type Method = (site: Site, params: Params, queries: Queries) => unknown
