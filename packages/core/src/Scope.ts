/**
 * Where a record lives: one vendor, one tenant, one company of it. A scope is part of every key, link, cursor and
 * lease, so that invoice 1001 of two legal entities stays two invoices.
 */
export interface Scope {
  /** The vendor: `hubspot`, `acumatica`. */
  readonly system: string
  /** The tenant: portal id, instance host and tenant name. */
  readonly instance: string
  /** The company inside the tenant, where the vendor has several: legal entity, subsidiary, branch. */
  readonly company?: string
}

/** The scope as one string, the same for equal scopes and different for others. */
export const format = (scope: Scope): string =>
  [scope.system, scope.instance, scope.company ?? ""].map(encodeURIComponent).join("/")

/** `undefined` for what {@link format} did not write. */
export const parse = (text: string): Scope | undefined => {
  const parts = text.split("/").map(decoded)
  const [system, instance, company] = parts
  if (parts.length !== 3 || !system || instance === undefined || company === undefined) return undefined
  return company === "" ? { system, instance } : { system, instance, company }
}

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

export const equals = (a: Scope, b: Scope): boolean => format(a) === format(b)
