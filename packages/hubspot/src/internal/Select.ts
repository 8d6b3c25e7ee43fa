/** What a reading asks of HubSpot: the selected fields as properties, associations and lines, and nothing else. */
import type * as Fields from "./Fields.ts"
import * as Mapping from "./Mapping.ts"
import { MERGED } from "./Records.ts"

export interface Selection {
  readonly mapping: Mapping.Any
  readonly fields: ReadonlyArray<string>
  /** The tenant's own properties, by internal name. */
  readonly custom: ReadonlyArray<string>
  readonly keyProperty: string
}

/** All that the mapping reads with the tenant's own properties, or just the fields that were asked for. */
export const of = (
  mapping: Mapping.Any,
  from: { readonly keyProperty: string; readonly custom: ReadonlyArray<string> },
  fields: ReadonlyArray<string> | undefined,
): Selection => ({
  mapping,
  fields: fields ?? Mapping.readable(mapping),
  custom: fields === undefined ? from.custom : [],
  keyProperty: from.keyProperty,
})

/** Fields that this mapping does not read. */
export const unknown = ({ fields, mapping }: Selection): ReadonlyArray<string> => {
  const readable = new Set(Mapping.readable(mapping))
  return fields.filter((field) => !readable.has(field))
}

export const properties = (selection: Selection): ReadonlyArray<string> => [
  ...new Set([
    selection.keyProperty,
    selection.mapping.modified,
    MERGED,
    ...Mapping.propertiesOf(selection.mapping, selection.fields).map(({ name }: Fields.Property) => name),
    ...selection.custom,
  ]),
]

/** The links to read: those selected, and those on which a label or a reference stands that a selected field shows. */
export const links = ({ fields, mapping }: Selection): ReadonlyArray<readonly [string, Mapping.Link]> =>
  Object.entries(mapping.links).filter(
    ([field, link]) =>
      (fields.includes(field) && link.mirror !== true) ||
      mapping.labels.some((label) => label.on === field && fields.includes(label.field)) ||
      Object.entries(mapping.through).some(([name, { on }]) => on === field && fields.includes(name)),
  )

/** References that stand on a linked record, where they are asked for. */
export const through = ({ fields, mapping }: Selection): ReadonlyArray<readonly [string, Mapping.Through]> =>
  Object.entries(mapping.through).filter(([field]) => fields.includes(field))

export const withLines = ({ fields, mapping }: Selection): boolean =>
  mapping.lines !== undefined && fields.includes("lines")

/** The fields whose meaning depends on the metadata of pipelines. */
export const withStages = ({ fields, mapping }: Selection): boolean =>
  mapping.type === "deals" && (fields.includes("won") || fields.includes("lost"))
