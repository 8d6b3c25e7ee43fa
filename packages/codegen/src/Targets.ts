/** What is generated from which description. Paths are relative to the repository. */
export interface Target {
  readonly system: string
  /** Name of the description, `24.200.001`, by which the twin's document is found. */
  readonly name: string
  readonly spec: string
  /** Where the types of the client go. */
  readonly types: string
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

const netsuite = (name: string, file: string): Target => ({
  system: "netsuite",
  name,
  spec: `specs/netsuite/${name}.yaml`,
  types: `packages/netsuite/src/generated/${file}.ts`,
  numbers: "exact",
})

const erpnext = (name: string, spec: string): Target => ({
  system: "erpnext",
  name,
  spec: `specs/erpnext/${spec}`,
  types: `packages/erpnext/src/generated/${name}.ts`,
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
  netsuite("2026.1", "v2026_1"),
  { ...netsuite("system", "system"), numbers: "native" },
  erpnext("api", "api.yaml"),
]

/** Where the twins find the descriptions of a system. */
export const documentsFile = (system: string): string => `conformance/src/generated/${system}.ts`
