/** The versions of ERPNext that the connector knows. A site says itself which one it is; it has to be the pinned one. */
export const versions = ["v15", "v16"] as const
export type Version = (typeof versions)[number]

export const base = "v15"
export type Base = typeof base

export const isVersion = (text: string): text is Version => (versions as ReadonlyArray<string>).includes(text)

/** `15.104.3` is v15. Development versions say `16.0.0-dev`. */
export const ofRelease = (release: string): string | undefined => {
  const major = /^(\d+)\./.exec(release)?.[1]
  return major === undefined ? undefined : `v${major}`
}

/** The way to documents: `/api/resource`, which every version has, or `/api/v2/document`. */
export const endpoints = ["resource", "document"] as const
export type Endpoints = (typeof endpoints)[number]
