/** What changed in an entity beyond the types of its fields: keys, who may write what, what a create needs, links. */
import { type EntityDescription, mayCreate, mayUpdate } from "../Description.ts"
import { type Change, change } from "./Change.ts"
import { readOnlyChange } from "./fields.ts"
import { inWords } from "./leaves.ts"

const keyChanges = (before: EntityDescription, after: EntityDescription): ReadonlyArray<Change> => {
  const at = { subject: before.name }
  const words = (keys: ReadonlyArray<string>): string => (keys.length === 0 ? "none" : keys.join(", "))
  if (before.keys.join("\n") !== after.keys.join("\n")) {
    return [change("breaking", "keys", at, words(before.keys), words(after.keys))]
  }
  return before.keys.flatMap((key) => {
    const [was, is] = [before.numberSequenceKeys.includes(key), after.numberSequenceKeys.includes(key)]
    if (was === is) return []
    const say = (numbered: boolean): string => (numbered ? "numbered by the vendor" : "given by the caller")
    return [change(is ? "info" : "warning", "numbering", { ...at, field: key }, say(was), say(is))]
  })
}

const access = (entity: EntityDescription, field: string): string => {
  if (entity.readOnly.includes(field)) return "read-only"
  if (entity.createOnly.includes(field)) return "written on create only"
  return entity.updateOnly.includes(field) ? "written after create only" : "writable"
}

const accessChanges = (
  before: EntityDescription,
  after: EntityDescription,
  shared: ReadonlySet<string>,
): ReadonlyArray<Change> => {
  const lists = (entity: EntityDescription) => [...entity.readOnly, ...entity.createOnly, ...entity.updateOnly]
  const fields = new Set([...lists(before), ...lists(after)].filter((field) => shared.has(field)))
  // A key that came or went is told as such.
  const isKey = (field: string): boolean => before.keys.includes(field) !== after.keys.includes(field)
  return [...fields].flatMap((field) => {
    const [was, is] = [access(before, field), access(after, field)]
    return was === is || isKey(field) ? [] : [readOnlyChange({ subject: before.name, field }, was, is)]
  })
}

const requiredChanges = (before: EntityDescription, after: EntityDescription): ReadonlyArray<Change> => {
  if (!mayCreate(before) || !mayCreate(after)) return []
  const [was, is] = [new Set(before.requiredOnCreate), new Set(after.requiredOnCreate)]
  const fresh = [...is].filter((field) => !was.has(field))
  const gone = [...was].filter((field) => !is.has(field))
  return [
    ...fresh.map((field) =>
      change("breaking", "required", { subject: before.name, field }, "optional on create", "required on create"),
    ),
    ...gone.map((field) =>
      change("info", "required", { subject: before.name, field }, "required on create", "optional on create"),
    ),
  ]
}

const linkChanges = (before: EntityDescription, after: EntityDescription): ReadonlyArray<Change> => {
  const words = ({ many, target }: { readonly many: boolean; readonly target: string }): string =>
    many ? `many ${target}` : `one ${target}`
  return before.navigation.flatMap((link) => {
    const is = after.navigation.find(({ name }) => name === link.name)
    if (is === undefined || words(link) === words(is)) return []
    return [change("breaking", "retyped", { subject: before.name, field: link.name }, words(link), words(is))]
  })
}

/** Fields that stand in no schema, as those outside of Acumatica's contract. */
const customChanges = (
  before: EntityDescription,
  after: EntityDescription,
  inSchema: ReadonlySet<string>,
): ReadonlyArray<Change> => {
  // Where one of the two does not tell, nothing is known to have changed.
  if (before.isCustomUnknown === true || after.isCustomUnknown === true) return []
  const of = (entity: EntityDescription) =>
    new Map(entity.custom.filter(({ name }) => !inSchema.has(name)).map((field) => [field.name, field]))
  const [was, is] = [of(before), of(after)]
  const found: Array<Change> = []
  for (const [name, field] of was) {
    const at = { subject: before.name, field: name }
    const other = is.get(name)
    const [type, otherType] = [field, other].map((each) =>
      each === undefined ? undefined : (each.wireType ?? inWords(each.schema)),
    )
    if (other === undefined) found.push(change("breaking", "removed", at, type))
    else if (type !== otherType) found.push(change("breaking", "retyped", at, type, otherType))
    else if (field.readOnly !== other.readOnly) {
      found.push(
        readOnlyChange(at, field.readOnly ? "read-only" : "writable", other.readOnly ? "read-only" : "writable"),
      )
    }
  }
  for (const [name, field] of is) {
    if (!was.has(name))
      found.push(
        change(
          "info",
          "added",
          { subject: before.name, field: name },
          undefined,
          field.wireType ?? inWords(field.schema),
        ),
      )
  }
  return found
}

const rights = (entity: EntityDescription): string => {
  const [create, update] = [mayCreate(entity), mayUpdate(entity)]
  if (create && update) return "writable"
  if (create) return "created and never changed"
  return update ? "changed and never created" : "read-only"
}

const rightsChanges = (before: EntityDescription, after: EntityDescription): ReadonlyArray<Change> => {
  const [was, is] = [rights(before), rights(after)]
  if (was === is) return []
  const isLess = (mayCreate(before) && !mayCreate(after)) || (mayUpdate(before) && !mayUpdate(after))
  return [change(isLess ? "breaking" : "info", "readOnly", { subject: before.name }, was, is)]
}

/** `fields` are those of both; `inSchema` those of either. */
export const entityChanges = (
  before: EntityDescription,
  after: EntityDescription,
  fields: { readonly shared: ReadonlySet<string>; readonly inSchema: ReadonlySet<string> },
): ReadonlyArray<Change> => {
  return [
    ...rightsChanges(before, after),
    ...keyChanges(before, after),
    ...accessChanges(before, after, fields.shared),
    ...requiredChanges(before, after),
    ...linkChanges(before, after),
    ...customChanges(before, after, fields.inSchema),
  ]
}
