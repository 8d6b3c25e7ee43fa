/**
 * Which version of the API serves which family of routes. Calls are typed by one template, the date-versioned one; the
 * template is mapped to the chosen family just before the request is made.
 *
 * HubSpot: guide "Versioning"; migration guide. 2026-09 is the newest general version; batch associations and OAuth stay
 * at 2026-03, where their shapes are settled.
 */
export const versions = ["2026-09", "2026-03", "v3"] as const
export type Version = (typeof versions)[number]

/** One version a family of routes. */
export interface Routes {
  readonly objects: Version
  readonly properties: Version
  readonly pipelines: Version
  readonly owners: Version
  readonly account: Version
  /** Batch associations and labels; `v3` means v4, the older associations API. */
  readonly associations: "2026-03" | "v3"
  readonly oauth: "2026-03" | "v3"
}

export const standard: Routes = {
  objects: "2026-09",
  properties: "2026-09",
  pipelines: "2026-09",
  owners: "2026-09",
  account: "2026-09",
  associations: "2026-03",
  oauth: "2026-03",
}

/**
 * The older paths. Writes there are not checked against the required-property rules of the portal (HubSpot: changelog
 * "CRM API write validation enforcement").
 */
export const v3: Routes = {
  objects: "v3",
  properties: "v3",
  pipelines: "v3",
  owners: "v3",
  account: "v3",
  associations: "v3",
  oauth: "2026-03",
}

/** The routes of a version; associations and OAuth keep to what is settled. */
export const of = (version: Version): Routes =>
  version === "v3"
    ? v3
    : {
        ...standard,
        objects: version,
        properties: version,
        pipelines: version,
        owners: version,
        account: version,
      }

interface Family {
  readonly family: keyof Routes
  readonly prefix: RegExp
  /** Older paths. */
  readonly v3: string
  /** Date-versioned paths. */
  readonly dated: (version: string) => string
}

const FAMILIES: ReadonlyArray<Family> = [
  {
    family: "objects",
    prefix: /^\/crm\/objects\/\d{4}-\d{2}(?=\/\{objectType\}\/\{objectId\}\/associations)/,
    v3: "/crm/v4/objects",
    dated: (version) => `/crm/objects/${version}`,
  },
  {
    family: "objects",
    prefix: /^\/crm\/objects\/\d{4}-\d{2}/,
    v3: "/crm/v3/objects",
    dated: (version) => `/crm/objects/${version}`,
  },
  {
    family: "associations",
    prefix: /^\/crm\/associations\/\d{4}-\d{2}/,
    v3: "/crm/v4/associations",
    dated: (version) => `/crm/associations/${version}`,
  },
  {
    family: "properties",
    prefix: /^\/crm\/properties\/\d{4}-\d{2}/,
    v3: "/crm/v3/properties",
    dated: (version) => `/crm/properties/${version}`,
  },
  {
    family: "pipelines",
    prefix: /^\/crm\/pipelines\/\d{4}-\d{2}/,
    v3: "/crm/v3/pipelines",
    dated: (version) => `/crm/pipelines/${version}`,
  },
  {
    family: "owners",
    prefix: /^\/crm\/owners\/\d{4}-\d{2}/,
    v3: "/crm/v3/owners",
    dated: (version) => `/crm/owners/${version}`,
  },
  {
    family: "account",
    prefix: /^\/account-info\/\d{4}-\d{2}/,
    v3: "/account-info/v3",
    dated: (version) => `/account-info/${version}`,
  },
  {
    family: "oauth",
    prefix: /^\/oauth\/\d{4}-\d{2}/,
    v3: "/oauth/v3",
    dated: (version) => `/oauth/${version}`,
  },
]

/** The path template under which these routes serve what the dated template names. */
export const map = (routes: Routes, template: string): string => {
  for (const { dated, family, prefix, v3: older } of FAMILIES) {
    if (!prefix.test(template)) continue
    const version = routes[family]
    return template.replace(prefix, version === "v3" ? older : dated(version))
  }
  return template
}

/** Where access tokens are had. */
export const tokenPath = (routes: Routes): string =>
  routes.oauth === "v3" ? "/oauth/v3/token" : `/oauth/${routes.oauth}/token`
