/** Addresses: of the environment, of its OData and metadata services, of records, of the token endpoint. */
import type { Credentials } from "./Config.ts"
import { keys, type LineSet, type Resource } from "./Sets.ts"
import { AUTHORITY } from "./Settings.ts"

/** The environment without a slash at its end. */
export const environment = (url: URL): string => `${url.origin}${url.pathname.replace(/\/+$/, "")}`

/** Where the entity sets live. */
export const data = (url: URL): string => `${environment(url)}/data`

/** Sets and their fields as JSON, without the 50 MB of `$metadata`. */
export const metadata = (url: URL): string => `${environment(url)}/metadata`

/** What a token is asked for: the address in small letters without a slash, or the service refuses the token. */
export const audience = (url: URL): string => url.origin.toLowerCase()

export const token = ({ authority, endpoint, tenantId }: Credentials): URL => {
  const root = (authority ?? AUTHORITY).replace(/\/+$/, "")
  return new URL(`${root}/${encodeURIComponent(tenantId)}/oauth2/${endpoint === "v1" ? "token" : "v2.0/token"}`)
}

/** The template of a record's path, for `Keys.serialize`. */
export const record = (name: string, set: Resource | LineSet): string => {
  const parts = keys[set].map((part) =>
    part.type === "text" ? `${part.name}='{${part.name}}'` : `${part.name}={${part.name}}`,
  )
  return `/${name}(${["dataAreaId='{dataAreaId}'", ...parts].join(",")})`
}
