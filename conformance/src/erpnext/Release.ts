/** The releases that the twin can be, and in what they differ. Frappe sources of each; v15 is the one that was observed. */

export type Name = "v14" | "v15.55" | "v15" | "v16"

export interface Release {
  readonly name: Name
  readonly frappe: string
  readonly erpnext: string
  /** Whose doctypes it has. */
  readonly doctypes: "v15" | "v16"
  /** `/api/v2`. */
  readonly v2: boolean
  /** A name in the body of a create is obeyed. */
  readonly nameHonoured: { readonly v1: boolean; readonly v2: boolean }
  /** `start` of a v2 list; without it `limit_start` works there too. */
  readonly startHonoured: boolean
  /** Nulls in what a single document answers. */
  readonly nulls: { readonly get: boolean; readonly create: boolean; readonly v2: boolean }
  readonly errors: {
    /** `exc_type` also where the server did not throw on purpose. */
    readonly namesClass: boolean
    /** Users who are not of the desk see no traceback. */
    readonly hidesTracebacks: boolean
    /** A guest is told that a document is missing. */
    readonly guestSees404: boolean
  }
  readonly deleteBody: "data" | "message"
  readonly rateUsedHeader: boolean
  /** The new query engine. */
  readonly query: "old" | "new"
  /** Bulk routes of v2. */
  readonly bulk: boolean
  readonly expandLinks: boolean
}

const V15: Release = {
  name: "v15",
  frappe: "15.105.0",
  erpnext: "15.104.3",
  doctypes: "v15",
  v2: true,
  nameHonoured: { v1: false, v2: true },
  startHonoured: true,
  nulls: { get: false, create: false, v2: false },
  errors: { namesClass: true, hidesTracebacks: false, guestSees404: false },
  deleteBody: "data",
  rateUsedHeader: false,
  query: "old",
  bulk: false,
  expandLinks: true,
}

export const releases: { readonly [name in Name]: Release } = {
  v14: {
    ...V15,
    name: "v14",
    frappe: "14.93.2",
    erpnext: "14.83.0",
    v2: false,
    nulls: { get: false, create: true, v2: false },
    errors: { namesClass: false, hidesTracebacks: false, guestSees404: true },
    deleteBody: "message",
    rateUsedHeader: true,
    expandLinks: false,
  },
  "v15.55": {
    ...V15,
    name: "v15.55",
    frappe: "15.55.1",
    erpnext: "15.52.0",
    nameHonoured: { v1: false, v2: false },
    startHonoured: false,
    errors: { ...V15.errors, guestSees404: true },
    rateUsedHeader: true,
    expandLinks: false,
  },
  v15: V15,
  v16: {
    ...V15,
    name: "v16",
    frappe: "16.0.0",
    erpnext: "16.0.0",
    doctypes: "v16",
    nulls: { get: false, create: false, v2: true },
    errors: { ...V15.errors, hidesTracebacks: true },
    query: "new",
    bulk: true,
  },
}
