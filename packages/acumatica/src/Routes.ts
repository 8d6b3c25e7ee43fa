/** Addresses: of the instance, of its endpoints, of records. Every request to an endpoint names the pinned version. */
import { endpoint, type Version } from "./Versions.ts"

/** The instance without a slash at its end. */
export const instance = (url: URL): string => `${url.origin}${url.pathname.replace(/\/+$/, "")}`

/** Where the entities of a version live. */
export const entities = (url: URL, version: Version): string =>
  `${instance(url)}/entity/${endpoint}/${encodeURIComponent(version)}`

export const endpoints = "/entity"
export const login = "/entity/auth/login"
export const logout = "/entity/auth/logout"
export const token = "/identity/connect/token"

/** The values of the path parameters as they are: `ids` comes encoded key by key, its slashes part keys. */
export const serialize = (template: string, values: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
