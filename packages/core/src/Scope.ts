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

export const parse = (text: string): Scope | undefined => {
  const parts = text.split("/").map(decodeURIComponent)
  const [system, instance, company] = parts
  if (parts.length !== 3 || !system || instance === undefined) return undefined
  return company ? { system, instance, company } : { system, instance }
}

export const equals = (a: Scope, b: Scope): boolean => format(a) === format(b)
