/** What one doctype does beside what the framework does with any. */
import type { Doc } from "../Doc.ts"
import type { Site } from "../Site.ts"

/** `change`: of a submitted document. */
export type Action = "insert" | "save" | "submit" | "change" | "cancel"

export interface Job {
  readonly site: Site
  readonly doc: Doc
  /** As stored; undefined for a new one. */
  readonly before: Doc | undefined
  readonly action: Action
}

export interface Controller {
  readonly beforeDefaults?: (site: Site, doc: Doc) => void
  readonly beforeInsert?: (site: Site, doc: Doc) => void
  /** The name of a new document; undefined leaves it to the rule of the doctype. */
  readonly name?: (site: Site, doc: Doc) => string | undefined
  readonly validate?: (job: Job) => void
  readonly afterInsert?: (site: Site, doc: Doc) => void
  readonly afterSave?: (site: Site, doc: Doc, before: Doc) => void
  readonly afterSubmit?: (job: Job) => void
  readonly beforeCancel?: (site: Site, doc: Doc) => void
  readonly afterCancel?: (job: Job) => void
  readonly beforeDelete?: (site: Site, doc: Doc) => void
  readonly afterDelete?: (site: Site, doc: Doc) => void
  /** On the renamed document, before it is stored. */
  readonly afterRename?: (site: Site, doc: Doc, from: string) => void
}
