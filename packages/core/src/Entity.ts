/**
 * What an entity is: a name and its fields, each with who may touch it. `read` fields come from the vendor and are
 * never written; `integration` fields are owned by the integration itself; all others follow the ownership table.
 *
 * Every field is optional, and the three states stay three things: absent is untouched, `null` is cleared, a value is
 * written.
 */
import * as Schema from "effect/Schema"
import { Instant } from "./Values.ts"

export type Access = "write" | "read" | "integration"

export interface Field<S extends Schema.Top, A extends Access> {
  readonly schema: S
  readonly access: A
}

export const write = <S extends Schema.Top>(schema: S): Field<S, "write"> => ({ schema, access: "write" })
export const read = <S extends Schema.Top>(schema: S): Field<S, "read"> => ({ schema, access: "read" })
export const integration = <S extends Schema.Top>(schema: S): Field<S, "integration"> => ({
  schema,
  access: "integration",
})

export type Fields = { readonly [name: string]: Field<Schema.Top, Access> }

type Values<F extends Fields> = { readonly [K in keyof F]?: F[K]["schema"]["Type"] | null }
type Writable<F extends Fields> = { [K in keyof F]: F[K]["access"] extends "read" ? never : K }[keyof F]

/** A tenant's own fields, typed by `C` when the tenant's description was generated. */
export type Custom = { readonly [name: string]: unknown }

/** A record as it was read. */
export type RecordOf<F extends Fields, C = Custom> = Values<F> & {
  readonly custom?: C
  /** When the system says that the record last changed. */
  readonly modified?: Instant
  /** The system's row version, where it has one. */
  readonly revision?: string
  /** When we read it, by the server's clock. */
  readonly observedAt?: Instant
}

/**
 * The tenant's own fields to write. Generated types name those that the vendor computes under `"~readOnly"`, a member that no
 * record has; these are read and do not exist here.
 */
export type CustomPatch<C> = string extends keyof C
  ? Partial<C>
  : Partial<Omit<C, "~readOnly" | ("~readOnly" extends keyof C ? NonNullable<C["~readOnly"]> & keyof C : never)>>

/** The fields to write: those that nobody but the vendor sets do not exist here. */
export type PatchOf<F extends Fields, C = Custom> = { readonly [K in Writable<F>]?: F[K]["schema"]["Type"] | null } & {
  readonly custom?: CustomPatch<C>
}

export interface Entity<Name extends string, F extends Fields> {
  readonly name: Name
  readonly fields: F
  /** Decodes and encodes a whole record; the encoded form is plain JSON with decimals as text. */
  readonly schema: Schema.Codec<RecordOf<F>, unknown>
  /** Natural keys by which an existing record may be adopted, the surest first. A name is never among them. */
  readonly naturalKeys: ReadonlyArray<Extract<keyof F, string>>
  /** The entity that each reference points to, by its path: `company`, `contacts[]`, `lines[].product`. */
  readonly references: { readonly [path: string]: string }
}

/** An entity of whatever fields. Written out, as a schema is invariant and no `Entity<string, Fields>` holds them all. */
export interface Any {
  readonly name: string
  readonly fields: Fields
  // biome-ignore lint/suspicious/noExplicitAny: a codec of any record is meant
  readonly schema: Schema.Codec<any, unknown>
  readonly naturalKeys: ReadonlyArray<string>
  readonly references: { readonly [path: string]: string }
}
/** A record of entity `E`, with the tenant's fields `C`. */
export type Record<E extends Any, C = Custom> = E extends Entity<string, infer F> ? RecordOf<F, C> : never
/** The writable part of a record of entity `E`. */
export type Patch<E extends Any, C = Custom> = E extends Entity<string, infer F> ? PatchOf<F, C> : never
/** The names of the fields of `E`. */
export type FieldName<E extends Any> = E extends Entity<string, infer F> ? Extract<keyof F, string> : never

/** Declares an entity. Adapters use it for entities of their own. */
export const make = <const Name extends string, const F extends Fields>(
  name: Name,
  fields: F,
  options?: {
    readonly naturalKeys?: ReadonlyArray<Extract<keyof F, string>>
    readonly references?: { readonly [path: string]: string }
  },
): Entity<Name, F> => {
  const members: { [key: string]: Schema.Top } = {}
  for (const [field, { schema }] of Object.entries(fields)) members[field] = Schema.optionalKey(Schema.NullOr(schema))
  return {
    name,
    fields,
    naturalKeys: options?.naturalKeys ?? [],
    references: options?.references ?? {},
    schema: Schema.Struct({
      ...members,
      custom: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
      modified: Schema.optionalKey(Instant),
      revision: Schema.optionalKey(Schema.String),
      observedAt: Schema.optionalKey(Instant),
    }) as unknown as Schema.Codec<RecordOf<F>, unknown>,
  }
}
