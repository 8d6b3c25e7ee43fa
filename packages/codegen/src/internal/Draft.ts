/** What a reader hands over; facts, references and digests are seen to once for all of them. */
import type { CustomField, Navigation, OpenApi31, Origin } from "../Description.ts"

/** An entity as far as the format tells. */
export interface EntityDraft {
  readonly name: string
  readonly schema: string
  readonly createSchema?: string
  readonly updateSchema?: string
  /** Its collections, `/Customer`; absent where no path of the document is about it alone. */
  readonly paths?: ReadonlyArray<string>
  readonly keys?: ReadonlyArray<string>
  readonly numberSequenceKeys?: ReadonlyArray<string>
  /** Absent: the format does not tell, the facts of the vendor may. */
  readonly requiredOnCreate?: ReadonlyArray<string>
  readonly createOnly?: ReadonlyArray<string>
  readonly updateOnly?: ReadonlyArray<string>
  readonly readOnly?: ReadonlyArray<string>
  readonly writable?: boolean
  readonly creatable?: boolean
  readonly updatable?: boolean
  readonly navigation?: ReadonlyArray<Navigation>
  readonly custom?: ReadonlyArray<CustomField>
}

export interface Draft {
  readonly openapi31: OpenApi31
  readonly entities: ReadonlyArray<EntityDraft>
  readonly origin: Pick<Origin, "format" | "version"> &
    Partial<Pick<Origin, "endpointVersion" | "contractVersion" | "build">>
}

export const emptyDocument = (title: string, version: string): OpenApi31 => ({
  openapi: "3.1.0",
  info: { title, version },
  paths: {},
  components: { schemas: {} },
})
