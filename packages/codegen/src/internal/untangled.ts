/**
 * Some vendors say of a general record which special ones there are, and of each special one that it is the general one and
 * more; taken at its word, each would be made of itself. What is meant is inheritance: the special one has what the general
 * one has by itself, without the choice between the special ones.
 */
import type { OpenApi31, Schema } from "../Description.ts"
import { mapValues, schemaOf } from "./schemas.ts"

type Schemas = { readonly [name: string]: Schema }

const nameIn = ({ $ref }: Schema): string | undefined => ($ref === undefined ? undefined : schemaOf($ref))

const choicesOf = ({ anyOf, oneOf }: Schema): ReadonlyArray<string> =>
  [...(oneOf ?? []), ...(anyOf ?? [])].flatMap((choice) => nameIn(choice) ?? [])

/** All that a schema is made of, at whatever distance. */
const basesOf = (schemas: Schemas, name: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (schema: Schema): void => {
    for (const part of schema.allOf ?? []) {
      const base = nameIn(part)
      if (base === undefined) visit(part)
      else if (!found.has(base)) {
        found.add(base)
        visit(schemas[base] ?? {})
      }
    }
  }
  visit(schemas[name] ?? {})
  return found
}

const withoutChoice = ({ anyOf: _anyOf, discriminator: _discriminator, oneOf: _oneOf, ...own }: Schema): Schema => own

/** The parts of a special schema, with what the general one has by itself in its place; with nothing, where it has nothing. */
const partsOf = (schemas: Schemas, parts: ReadonlyArray<Schema>, general: string): ReadonlyArray<Schema> =>
  parts.flatMap((part) => {
    if (nameIn(part) !== general) return [part]
    const own = withoutChoice(schemas[general] ?? {})
    return Object.keys(own.properties ?? {}).length > 0 || own.allOf !== undefined ? [own] : []
  })

export const untangled = (document: OpenApi31): OpenApi31 => {
  const { schemas } = document.components
  const generalOf = new Map<string, Set<string>>()
  for (const [general, schema] of Object.entries(schemas)) {
    for (const special of choicesOf(schema)) {
      const bases = basesOf(schemas, special)
      if (!bases.has(general)) continue
      for (const each of [special, ...bases])
        if (each !== general) generalOf.set(each, (generalOf.get(each) ?? new Set()).add(general))
    }
  }
  if (generalOf.size === 0) return document
  const apart = mapValues(schemas, (schema, name) => {
    const parts = [...(generalOf.get(name) ?? [])].reduce<ReadonlyArray<Schema> | undefined>(
      (left, general) => left && partsOf(schemas, left, general),
      schema.allOf,
    )
    return parts === undefined ? schema : { ...schema, allOf: parts }
  })
  return { ...document, components: { ...document.components, schemas: apart } }
}
