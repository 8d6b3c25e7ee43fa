/**
 * Compares the two worlds, as somebody who distrusts the program would: it reads what the twins wrote to disk, and none
 * of the program's counters. What stands in the ERP once must stand in the CRM once, with the same values.
 */
import { readFileSync } from "node:fs"
import * as Decimal from "@mortise/core/Decimal"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as Identity from "@mortise/hubspot/Identity"
import type { Erp, FlowName, Standing } from "./Erp.ts"
import * as Files from "./Files.ts"

type Values = Readonly<Record<string, string>>

/** How the records of a flow stand in the CRM. */
interface Copied {
  readonly relay: FlowName
  readonly objects: string
  /** The name that a record has in the ERP, by the property that shows it. */
  readonly crm: (properties: Values) => string | undefined
  /** In the CRM the record has to hang on the company of its customer alone. */
  readonly hangs: boolean
  /** Properties that hold amounts: 2.50 is 2.5. */
  readonly amounts: ReadonlyArray<string>
}

const typed = (kinds: Values) => (properties: Values) => {
  const { mortise_kind: kind, mortise_number: number } = properties
  return kind === undefined || number === undefined ? undefined : `${kinds[kind]}/${number}`
}

const COPIED: ReadonlyArray<Copied> = [
  { relay: "products", objects: "products", crm: (one) => one["hs_sku"], hangs: false, amounts: ["price"] },
  {
    relay: "companies",
    objects: "companies",
    crm: (one) => one["mortise_erp_number"],
    hangs: false,
    amounts: ["mortise_outstanding"],
  },
  {
    relay: "contacts",
    objects: "contacts",
    crm: (one) => ExternalKey.parse(Identity.decode(one["mortise_key"]) ?? "")?.id,
    hangs: true,
    amounts: [],
  },
  {
    relay: "invoices",
    objects: "invoices",
    crm: typed({ invoice: "Invoice", creditNote: "Credit Memo" }),
    hangs: true,
    amounts: ["mortise_gross", "mortise_balance"],
  },
  {
    relay: "payments",
    objects: "commerce_payments",
    crm: typed({ payment: "Payment", refund: "Refund" }),
    hangs: true,
    amounts: ["hs_initial_amount"],
  },
]

interface HubSpotDump {
  readonly records: ReadonlyArray<
    readonly [string, ReadonlyArray<{ readonly id: string; readonly properties: Values; readonly archivedAt?: number }>]
  >
  readonly edges: ReadonlyArray<readonly [fromType: string, fromId: string, toType: string, toId: string, ...unknown[]]>
}

/** A record of the CRM with the ERP's numbers of the companies that it hangs on. */
interface Copy {
  readonly properties: Values
  readonly owners: ReadonlyArray<string>
}

export interface Compared {
  /** Records that stand more than once in the CRM. */
  readonly duplicates: number
  /** Records of the ERP that should be in the CRM and are not, or not with their values. */
  readonly lost: number
  /** Records that wait for a person, as the generator made them, and are not in the CRM. */
  readonly waiting: number
  readonly matched: number
  readonly findings: ReadonlyArray<string>
}

const read = <A>(file: string): A => JSON.parse(readFileSync(file, "utf8")) as A

const sameValue = (isAmount: boolean, a: string, b: string): boolean =>
  !isAmount ? a === b : Decimal.format(Decimal.make(a || "0")) === Decimal.format(Decimal.make(b || "0"))

const grouped = (records: ReadonlyArray<Copy>, name: (one: Values) => string | undefined) => {
  const groups = new Map<string, Array<Copy>>()
  for (const record of records) {
    const key = name(record.properties)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return groups
}

/** The properties in which a copy differs. */
const differences = (of: Copied, one: Standing, copy: Copy): ReadonlyArray<string> => {
  const wrong = Object.entries(one.values).filter(
    ([property, value]) => !sameValue(of.amounts.includes(property), value, copy.properties[property] ?? ""),
  )
  const { owner = "" } = one
  const stray = of.hangs && owner !== "" && (copy.owners.length !== 1 || copy.owners[0] !== owner)
  return [...wrong.map(([property]) => property), ...(stray ? ["company"] : [])]
}

const compared = (
  of: Copied,
  erp: ReadonlyArray<Standing>,
  crm: ReadonlyArray<Copy>,
  unmovable: ReadonlySet<string>,
): Compared => {
  const there = grouped(crm, of.crm)
  const findings: Array<string> = []
  let [duplicates, lost, matched, waiting] = [0, 0, 0, 0]
  for (const [name, copies] of there) {
    if (copies.length < 2) continue
    duplicates += copies.length - 1
    findings.push(`${of.relay}: ${name} stands ${copies.length} times`)
  }
  for (const one of erp) {
    const copy = there.get(one.name)?.[0]
    if (copy === undefined && unmovable.has(one.name)) waiting += 1
    else if (copy === undefined) {
      lost += 1
      findings.push(`${of.relay}: ${one.name} is not there`)
    } else {
      const wrong = differences(of, one, copy)
      if (wrong.length === 0) matched += 1
      else lost += 1
      for (const property of wrong) findings.push(`${of.relay}: ${one.name} has another ${property}`)
    }
  }
  return { duplicates, lost, matched, waiting, findings }
}

/** Records that nobody knew before and that carry no name of the ERP: made by somebody who did not say for what. */
const strays = (one: Copied, crm: ReadonlyArray<Copy>, known: number): number =>
  Math.max(0, crm.filter(({ properties }) => one.crm(properties) === undefined).length - known)

/** The ERP's numbers of the companies that each record hangs on, by type and id of the record. */
const ownersOf = ({ edges, records }: HubSpotDump): ReadonlyMap<string, ReadonlyArray<string>> => {
  const companies = new Map(records).get("companies") ?? []
  const numbers = new Map(companies.map(({ id, properties }) => [id, properties["mortise_erp_number"] ?? ""]))
  const owners = new Map<string, Array<string>>()
  for (const [fromType, fromId, toType, toId] of edges) {
    if (toType !== "companies") continue
    const name = `${fromType}/${fromId}`
    owners.set(name, [...(owners.get(name) ?? []), numbers.get(toId) ?? ""])
  }
  return owners
}

const sum = (all: ReadonlyArray<Compared>): Compared => ({
  duplicates: all.reduce((total, { duplicates }) => total + duplicates, 0),
  lost: all.reduce((total, { lost }) => total + lost, 0),
  waiting: all.reduce((total, { waiting }) => total + waiting, 0),
  matched: all.reduce((total, { matched }) => total + matched, 0),
  findings: all.flatMap(({ findings }) => findings),
})

/** Both worlds as they stand on disk; of what moves between this ERP and the CRM. */
export const worlds = (erp: Erp): Compared => {
  const books = erp.records(read(Files.erpWorld))
  const portal = read<HubSpotDump>(Files.hubspotWorld)
  const { profile } = read<Files.Run>(Files.run)
  const hubspot = new Map(portal.records)
  const owners = ownersOf(portal)
  const { known, unmovable } = Files.promised()
  return sum(
    COPIED.filter(({ relay }) => profile.flows.includes(relay)).map((one) => {
      const crm = (hubspot.get(one.objects) ?? [])
        .filter(({ archivedAt }) => archivedAt === undefined)
        .map(({ id, properties }) => ({ properties, owners: owners.get(`${one.objects}/${id}`) ?? [] }))
      const found = compared(one, books[one.relay], crm, new Set(unmovable[one.relay] ?? []))
      return { ...found, duplicates: found.duplicates + strays(one, crm, known[one.relay] ?? 0) }
    }),
  )
}

export const describe = ({ duplicates, lost, matched, waiting }: Compared): string =>
  `${matched} records stand in both with the same values, ${waiting} wait for a person, ${duplicates} duplicates, ${lost} lost`
