/**
 * HubSpot's allowances as data. Every number comes from HubSpot's usage guidelines, unless its source says otherwise.
 */
import type * as RateLimit from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"
import * as Operations from "./Operations.ts"

/** How the app is known to HubSpot. Service keys have the limits of private apps. */
export type App = "private" | "public"
export type Tier = "free" | "starter" | "professional" | "enterprise"

export interface Plan {
  readonly app: App
  readonly tier: Tier
  /** Bought API limit increases, 0 to 2. They do not help public apps. */
  readonly increases?: 0 | 1 | 2
}

/** Records of one batch request, for every object and operation. HubSpot: guide "Using object APIs". */
export const BATCH = 100
/** Rows of one search page. HubSpot: guide "Search the CRM". */
export const SEARCH_PAGE = 200
/** Rows of one list page. HubSpot: guide "Using object APIs". */
export const LIST_PAGE = 100
/** Results that one query gives at most. HubSpot: guide "Search the CRM". */
export const SEARCH_CAP = 10_000
/** Characters of a search body. HubSpot: guide "Search the CRM"; how they are counted is not settled. */
export const SEARCH_BODY = 3_000
/** Records of one request for associations. HubSpot: guide "Associate records". */
export const ASSOCIATION_READ = 1_000
/** Pairs of one request that sets associations. HubSpot: guide "Associate records" allows 2,000; half of it is sent. */
export const ASSOCIATION_WRITE = 1_000
/** From-records of one request that takes associations away. Reported, not documented. */
export const ASSOCIATION_ARCHIVE = 100
/** How long a write may stay invisible to search. Seconds were observed; 60 leaves room. */
export const INDEX_LAG = Duration.seconds(60)
/** How often the archived records are listed unless told otherwise: a page of them costs a request, and all are read. */
export const DELETIONS_EVERY = Duration.hours(1)
/** No interval is longer: archived records are kept for 90 days. HubSpot: guide "Using object APIs". */
export const DELETIONS_EVERY_MOST = Duration.days(30)
/** Wait after a 429 that names none: the window of the bucket that ran over. */
export const BURST_WINDOW = Duration.seconds(10)
export const SEARCH_WINDOW = Duration.seconds(1)
/** How long a lock on rapid bulk writes lasts. HubSpot: guide "Error handling". */
export const LOCK = Duration.seconds(2)

const GUIDELINES = "HubSpot: usage guidelines"

const burst = ({ app, increases = 0, tier }: Plan): number => {
  if (app === "public") return 110
  if (increases > 0) return 250
  return tier === "free" || tier === "starter" ? 100 : 190
}

const daily = ({ increases = 0, tier }: Plan): number => {
  const base = { free: 250_000, starter: 250_000, professional: 625_000, enterprise: 1_000_000 }[tier]
  return base + increases * 1_000_000
}

const associationsDaily = ({ increases = 0 }: Plan): number => (increases > 0 ? 1_000_000 : 500_000)

/** The limits of a plan, for one app in one portal. */
export const of = (plan: Plan): ReadonlyArray<RateLimit.Limit> => {
  const day = Duration.hours(24)
  const perTenSeconds: RateLimit.Limit = {
    name: "hubspot.burst",
    traffic: [Operations.BURST],
    requests: burst(plan),
    window: BURST_WINDOW,
    source: GUIDELINES,
  }
  const searches: RateLimit.Limit = {
    name: "hubspot.search",
    traffic: [Operations.SEARCH],
    requests: 5,
    window: SEARCH_WINDOW,
    source: `${GUIDELINES}; 5 a second for the account, all search endpoints together`,
  }
  const associations: RateLimit.Limit = {
    name: "hubspot.associations",
    traffic: [Operations.ASSOCIATIONS],
    requests: 100,
    window: BURST_WINDOW,
    source: "HubSpot: guide 'Associate records' for free and starter; assumed for the tiers that it does not name",
  }
  if (plan.app === "public") return [perTenSeconds, searches, associations]
  return [
    perTenSeconds,
    searches,
    associations,
    {
      name: "hubspot.daily",
      traffic: [Operations.BURST, Operations.SEARCH],
      requests: daily(plan),
      window: day,
      quota: true,
      source: GUIDELINES,
    },
    {
      name: "hubspot.associations.daily",
      traffic: [Operations.ASSOCIATIONS],
      requests: associationsDaily(plan),
      window: day,
      quota: true,
      source: "HubSpot: guide 'Associate records'",
    },
  ]
}
