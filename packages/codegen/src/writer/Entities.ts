/** One name for each form of each entity: as it is read, as it is created, as it is updated. */
import ts from "typescript"
import { type ApiDocument, type EntityDescription, mayCreate, mayUpdate } from "../Description.ts"
import { titled } from "../internal/specialise.ts"
import { key } from "./types.ts"
import type { Names } from "./Variants.ts"

/** Whether it is a word of the language, after which no type may be called. */
const isWord = (name: string): boolean =>
  ts.createScanner(ts.ScriptTarget.Latest, true, undefined, name).scan() !== ts.SyntaxKind.Identifier

/** A name that TypeScript takes, and that no other entity has. */
const identifiers = (entities: ReadonlyArray<EntityDescription>): ReadonlyMap<string, string> => {
  const taken = new Set(["Entities", "components"])
  return new Map(
    entities.map(({ name }) => {
      const plain =
        /^[A-Za-z_$][\w$]*$/.test(name) && !isWord(name) ? name : titled(name).replaceAll(/[^\p{L}\p{N}_$]/gu, "")
      const wanted = /^\p{L}/u.test(plain) ? plain : `_${plain}`
      let own = wanted
      for (let count = 2; [own, `${own}Create`, `${own}Update`].some((each) => taken.has(each)); count++)
        own = `${wanted}_${count}`
      for (const each of [own, `${own}Create`, `${own}Update`]) taken.add(each)
      return [name, own] as const
    }),
  )
}

const schemaType = (schema: string): string => `components["schemas"][${JSON.stringify(schema)}]`

const listed = (names: ReadonlyArray<string>): string => names.map((name) => JSON.stringify(name)).join(" | ")

/** For a comment, which it must not end. */
const word = (name: string): string => name.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")

/** The names of its forms for writing; none for what is not done with this entity, though it be with another of its schema. */
const written = (entity: EntityDescription, names: Names | undefined): Names => ({
  create: mayCreate(entity) ? names?.create : undefined,
  update: mayUpdate(entity) ? names?.update : undefined,
})

const forms = (entity: EntityDescription, own: string, { create, update }: Names): string => {
  const read = `/** ${word(entity.name)}, as it is read. */\nexport type ${own} = ${schemaType(entity.schema)}\n`
  const needs = entity.requiredOnCreate.length === 0 ? "" : ` Needs ${word(entity.requiredOnCreate.join(", "))}.`
  const createType = `/** ${word(entity.name)}, to create one.${needs} */\nexport type ${own}Create = ${schemaType(create ?? "")}\n`
  const updateType = `/** ${word(entity.name)}, to change one: what is left out stays as it is. */\nexport type ${own}Update = ${schemaType(update ?? "")}\n`
  return [read, ...(create === undefined ? [] : [createType]), ...(update === undefined ? [] : [updateType])].join("\n")
}

const row = (entity: EntityDescription, own: string, { create, update }: Names): string => {
  const members = [
    `read: ${own}`,
    `create: ${create === undefined ? "never" : `${own}Create`}`,
    `update: ${update === undefined ? "never" : `${own}Update`}`,
    `keys: ${entity.keys.length === 0 ? "never" : listed(entity.keys)}`,
  ]
  return `  readonly ${key(entity.name)}: {\n${members.map((member) => `    readonly ${member}\n`).join("")}  }\n`
}

export const module = ({ entities }: ApiDocument, names: ReadonlyMap<string, Names>): string => {
  const own = identifiers(entities)
  const nameOf = ({ name }: EntityDescription): string => own.get(name) ?? name
  const aliases = entities.map((entity) => forms(entity, nameOf(entity), written(entity, names.get(entity.schema))))
  const rows = entities.map((entity) => row(entity, nameOf(entity), written(entity, names.get(entity.schema))))
  const index = `/** Every entity by its name. */\nexport interface Entities {\n${rows.join("")}}\n`
  const head = entities.length === 0 ? "" : 'import type { components } from "./api.js"\n\n'
  return `${head}${[...aliases, index].join("\n")}`
}
