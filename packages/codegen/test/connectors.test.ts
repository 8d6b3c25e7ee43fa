import { execFile } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import type { ApiDocument } from "../src/Description.ts"
import { fileOf, read, texts, write } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const root = join(import.meta.dirname, "../../..")

/** Compiles where the packages can be found. What is wrong in these themselves is for their own tests to say. */
const compile = async (compiler: string, files: { readonly [name: string]: string }): Promise<string> => {
  const cache = join(root, "node_modules/.cache")
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, "mortise-tenant-"))
  try {
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { types: ["node"] },
      include: ["**/*.ts"],
    }
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config))
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return await new Promise((resolve) => {
      execFile(process.execPath, [join(root, "node_modules", compiler, "bin/tsc"), "-p", folder], (_error, stdout) =>
        resolve(
          stdout
            .split("\n")
            .filter((line) => line.includes("mortise-tenant-"))
            .join("\n"),
        ),
      )
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const acumatica = `
import * as Acumatica from "@mortise/acumatica/Acumatica"
import type { AcumaticaConfig } from "@mortise/acumatica/Config"
import * as Effect from "effect/Effect"
import { custom, type Custom } from "./custom.js"

declare const config: AcumaticaConfig
const tenant = Acumatica.make<Custom>({ ...config, custom })
export const read = Effect.flatMap(tenant, ({ ports }) =>
  Effect.map(ports.Account.get(["C1"]), (found) =>
    [...found.values()].map(({ record }): boolean | null | undefined => record.custom?.["CurrentCustomer.UsrVip"]),
  ),
)
export const written = Effect.flatMap(tenant, ({ ports }) =>
  ports.Account.upsert([{ key: "1", fields: { custom: { "Document.UsrRegion": "North", "CurrentCustomer.UsrVip": null } } }]),
)
export const lacking = Effect.flatMap(tenant, ({ ports }) =>
  // @ts-expect-error a field that this tenant does not have
  ports.Account.upsert([{ key: "1", fields: { custom: { "Document.UsrColour": "red" } } }]),
)
`

const hubspot = `
import type { HubSpotConfig } from "@mortise/hubspot/Config"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as Effect from "effect/Effect"
import { custom, type Custom } from "./custom.js"
import type { DecimalText } from "./values.js"

declare const config: HubSpotConfig
const portal = HubSpot.make<Custom>({ ...config, custom })
export const read = Effect.flatMap(portal, ({ ports }) =>
  Effect.map(ports.Company.get(["1"]), (found) =>
    [...found.values()].map(({ record }): DecimalText | null | undefined => record.custom?.score),
  ),
)
export const written = Effect.flatMap(portal, ({ ports }) =>
  ports.Company.upsert([{ key: "1", fields: { custom: { branch_code: "N", tags: "a;b" } } }]),
)
export const refused = Effect.map(portal, ({ ports }) => [
  // @ts-expect-error HubSpot calculates it
  ports.Company.upsert([{ key: "1", fields: { custom: { score: "1" as DecimalText } } }]),
  // @ts-expect-error not an option of the property
  ports.Company.upsert([{ key: "1", fields: { custom: { branch_code: "W" } } }]),
  // @ts-expect-error a property that this portal does not have
  ports.Company.upsert([{ key: "1", fields: { custom: { branch: "N" } } }]),
])
`

const netsuite = `
import type { NetSuiteConfig } from "@mortise/netsuite/Config"
import * as NetSuite from "@mortise/netsuite/NetSuite"
import * as Effect from "effect/Effect"
import { custom, type Custom } from "./custom.js"
import type { DecimalText } from "./values.js"

declare const config: NetSuiteConfig
const account = NetSuite.make<Custom>({ ...config, custom })
export const read = Effect.flatMap(account, ({ ports }) =>
  Effect.map(ports.Account.get(["7"]), (found) =>
    [...found.values()].map(({ record }): DecimalText | null | undefined => record.custom?.custentity_score),
  ),
)
export const written = Effect.flatMap(account, ({ ports }) =>
  ports.Account.upsert([{ key: "1", fields: { custom: { custentity_region: "North", custentity_score: null } } }]),
)
export const lacking = Effect.flatMap(account, ({ ports }) =>
  // @ts-expect-error a field that this account does not have
  ports.Account.upsert([{ key: "1", fields: { custom: { custentity_colour: "red" } } }]),
)
`

const dates = `
import type { LocalDate as Ours } from "@mortise/core/Values"
import type { LocalDate } from "./values.js"

declare const generated: LocalDate
declare const ours: Ours
export const there: Ours = generated
export const back: LocalDate = ours
`

describe("a tenant's own fields", () => {
  for (const compiler of ["typescript", "typescript7"]) {
    it(`are typed through the connectors that take them, by ${compiler}`, async () => {
      const endpoint = await read(texts({ "swagger.json": samples.endpoint, "Customer.json": samples.adHocCustomer }), {
        system: "acumatica",
      })
      const properties = await read(
        texts({ "objects.json": samples.objects, "companies.json": samples.companyProperties }),
        {
          system: "hubspot",
        },
      )
      const catalogue = await read(texts({ "customer.json": samples.customerSchema }), { system: "netsuite" })
      const modules = async (name: string, document: ApiDocument, program: string) => {
        const files = await write(document)
        const own = ["custom.ts", "values.ts"].map((path) => [`${name}/${path}`, fileOf(files, path)])
        return Object.fromEntries([...own, [`${name}/program.ts`, program]]) as { readonly [path: string]: string }
      }
      const files = {
        ...(await modules("acumatica", endpoint, acumatica)),
        ...(await modules("hubspot", properties, hubspot)),
        ...(await modules("netsuite", catalogue, netsuite)),
        "hubspot/dates.ts": dates,
      }
      expect(await compile(compiler, files)).toBe("")
    })
  }
})
