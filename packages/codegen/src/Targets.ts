/** What is generated from which description. Paths are relative to the repository. */
import type { System } from "./Description.ts"

export interface Target {
  readonly system: string
  /** Name of the description, `24.200.001`, by which the twin's document is found. */
  readonly name: string
  readonly spec: string
  /** Where the types of the client go; absent where it is a folder, see `folders`. */
  readonly types?: string
  /** `exact`: numbers keep their digits and are typed `JsonNumber`. */
  readonly numbers: "native" | "exact"
}

const hubspot = (name: string, file: string): Target => ({
  system: "hubspot",
  name,
  spec: `specs/hubspot/${name}.yaml`,
  types: `packages/hubspot/src/generated/${file}.ts`,
  numbers: "native",
})

const acumatica = (name: string, spec: string, file: string): Target => ({
  system: "acumatica",
  name,
  spec: `specs/acumatica/${spec}.yaml`,
  types: `packages/acumatica/src/generated/${file}.ts`,
  numbers: "exact",
})

export const targets: ReadonlyArray<Target> = [
  hubspot("v3", "v3"),
  hubspot("2026-03", "v2026_03"),
  hubspot("2026-09", "v2026_09"),
  ...["18", "20", "22", "23", "24", "25"].map((major) =>
    acumatica(`${major}.200.001`, `Default-${major}.200.001`, `v${major}`),
  ),
  { ...acumatica("system", "system", "system"), numbers: "native" },
  { system: "netsuite", name: "2026.1", spec: "specs/netsuite/2026.1.yaml", numbers: "exact" },
  {
    system: "netsuite",
    name: "system",
    spec: "specs/netsuite/system.yaml",
    types: "packages/netsuite/src/generated/system.ts",
    numbers: "native",
  },
  {
    system: "erpnext",
    name: "api",
    spec: "specs/erpnext/api.yaml",
    types: "packages/erpnext/src/generated/api.ts",
    numbers: "exact",
  },
]

/** A client as tenants get theirs: a folder of modules, with exact numbers. */
export interface Folder {
  readonly system: System
  /** A description, or a folder of them. */
  readonly spec: string
  readonly folder: string
}

export const folders: ReadonlyArray<Folder> = [
  { system: "dynamics", spec: "specs/dynamics/metadata.xml", folder: "packages/dynamics/src/generated" },
  { system: "netsuite", spec: "specs/netsuite/2026.1.yaml", folder: "packages/netsuite/src/generated/v2026_1" },
  { system: "erpnext", spec: "specs/erpnext/v15", folder: "packages/erpnext/src/generated/v15" },
  { system: "erpnext", spec: "specs/erpnext/v16", folder: "packages/erpnext/src/generated/v16" },
]

/** The versions whose doctypes the twin of ERPNext knows. */
export const doctypes = [
  { name: "v15", folder: "specs/erpnext/v15" },
  { name: "v16", folder: "specs/erpnext/v16" },
] as const

export const DOCTYPES_FILE = "conformance/src/generated/erpnextDoctypes.ts"

/** Where the twins find the descriptions of a system. */
export const documentsFile = (system: string): string => `conformance/src/generated/${system}.ts`
