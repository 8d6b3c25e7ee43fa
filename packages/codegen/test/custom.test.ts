/** What the connector for Dynamics is told of a tenant's own fields. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Writer from "../src/Writer.ts"
import { read, text } from "./support/read.ts"

const own = (name: string, type: string, ax?: string): string => {
  const annotation = `<Annotation Term="Microsoft.Dynamics.OData.Core.V1.AXType" EnumMember="Microsoft.Dynamics.OData.Core.V1.AXType/${ax}"/>`
  return `<Property Name="${name}" Type="${type}">${ax === undefined ? "" : annotation}</Property>`
}

it("the tenant's own fields in Dynamics are named with the types by which the connector reads and writes them", async () => {
  const path = join(import.meta.dirname, "../../../specs/dynamics/metadata.xml")
  const fields = [
    own("ContosoText", "Edm.String"),
    own("ContosoScore", "Edm.Decimal"),
    own("ContosoCount", "Edm.Int32"),
    own("ContosoDay", "Edm.DateTimeOffset", "Date"),
    own("ContosoAt", "Edm.DateTimeOffset", "UtcDateTime"),
    own("ContosoFlag", "Microsoft.Dynamics.DataEntities.NoYes"),
  ].join("")
  const xml = (await readFile(path, "utf8")).replace(
    /(<EntityType Name="CustomerV3"[^>]*>\s*<Key>[\s\S]*?<\/Key>)/,
    `$1${fields}`,
  )
  const document = await read(text(xml, "metadata.xml"), { system: "dynamics", entities: ["CustomersV3"] })
  const written = await Effect.runPromise(Writer.write(document, { version: "1" }))
  const module = written.find(({ path: name }) => name === "custom.ts")?.text ?? ""
  const told = /export const custom = (\{[\s\S]*\}) as const/.exec(module)?.[1] ?? ""
  expect(told.replace(/\s+/g, " ")).toBe(
    '{ Account: { "ContosoAt": "DateTime", "ContosoCount": "Int", "ContosoDay": "Date", "ContosoFlag": "Enum", "ContosoScore": "Decimal", "ContosoText": "String" }, }',
  )
  expect(module).toContain("readonly ContosoScore: DecimalText | null")
})
