/** What rules read off errors. */

/** The tag of the reason of a connector's error; undefined for anything else. */
export const tagOf = (error: unknown): string | undefined =>
  (error as { readonly reason?: { readonly _tag?: string } } | undefined)?.reason?._tag
