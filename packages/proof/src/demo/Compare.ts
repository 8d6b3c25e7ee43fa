/**
 * Compares the two worlds, as somebody who distrusts the program would: it reads what the twins wrote to disk, and none
 * of the program's counters. What stands in the ERP once must stand in the CRM once, with the same values.
 */
import { readFileSync } from "node:fs"
import * as Decimal from "@mortise/core/Decimal"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as Identity from "@mortise/hubspot/Identity"
import * as Files from "./Files.ts"

type Values = Readonly<Record<string, string>>

interface Pair {
  readonly relay: string
  readonly stores: ReadonlyArray<string>
  readonly objects: string
  /** The name of a record in the ERP, and in the CRM by the property that shows it there. */
  readonly erp: (fields: Values) => string
  readonly crm: (properties: Values) => string | undefined
  /** The member that names the customer: in the CRM the record has to hang on the company of that customer alone. */
  readonly owner?: string
  /** Values that have to be equal, each with the member and the property that hold it. */
  readonly equal: ReadonlyArray<readonly [member: string, property: string, kind: "text" | "amount"]>
}

const typed = (kinds: Values) => (properties: Values) => {
  const { mortise_kind: kind, mortise_number: number } = properties
  return kind === undefined || number === undefined ? undefined : `${kinds[kind]}/${number}`
}

const document = (fields: Values): string => `${fields["Type"]}/${fields["ReferenceNbr"]}`

const PAIRS: ReadonlyArray<Pair> = [
  {
    relay: "products",
    stores: ["stockItems", "nonStockItems"],
    objects: "products",
    erp: (fields) => fields["InventoryID"] ?? "",
    crm: (properties) => properties["hs_sku"],
    equal: [["DefaultPrice", "price", "amount"]],
  },
  {
    relay: "companies",
    stores: ["accounts"],
    objects: "companies",
    erp: (fields) => fields["CustomerID"] ?? "",
    crm: (properties) => properties["mortise_erp_number"],
    equal: [["CustomerName", "name", "text"]],
  },
  {
    relay: "contacts",
    stores: ["contacts"],
    objects: "contacts",
    erp: (fields) => fields["ContactID"] ?? "",
    crm: (properties) => ExternalKey.parse(Identity.decode(properties["mortise_key"]) ?? "")?.id,
    owner: "BusinessAccount",
    equal: [
      ["FirstName", "firstname", "text"],
      ["LastName", "lastname", "text"],
      ["Email", "email", "text"],
    ],
  },
  {
    relay: "invoices",
    stores: ["receivables"],
    objects: "invoices",
    erp: document,
    crm: typed({ invoice: "Invoice", creditNote: "Credit Memo" }),
    owner: "CustomerID",
    equal: [
      ["Amount", "mortise_gross", "amount"],
      ["Balance", "mortise_balance", "amount"],
      ["CurrencyID", "hs_currency", "text"],
    ],
  },
  {
    relay: "payments",
    stores: ["payments"],
    objects: "commerce_payments",
    erp: document,
    crm: typed({ payment: "Payment", refund: "Refund" }),
    owner: "CustomerID",
    equal: [
      ["PaymentAmount", "hs_initial_amount", "amount"],
      ["CurrencyID", "hs_currency_code", "text"],
    ],
  },
]

interface AcumaticaDump {
  readonly tenants: ReadonlyArray<{
    readonly stores: Readonly<Record<string, { readonly docs: ReadonlyArray<{ readonly fields: Values }> }>>
  }>
}

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

const sameValue = (kind: "text" | "amount", a: string, b: string): boolean =>
  kind === "text" ? a === b : Decimal.format(Decimal.make(a || "0")) === Decimal.format(Decimal.make(b || "0"))

const grouped = (records: ReadonlyArray<Copy>, name: (one: Values) => string | undefined) => {
  const groups = new Map<string, Array<Copy>>()
  for (const record of records) {
    const key = name(record.properties)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return groups
}

/** The members in which a copy differs. */
const differences = (one: Pair, fields: Values, copy: Copy): ReadonlyArray<string> => {
  const wrong = one.equal.filter(
    ([member, property, kind]) => !sameValue(kind, fields[member] ?? "", copy.properties[property] ?? ""),
  )
  const owner = one.owner === undefined ? undefined : fields[one.owner]
  const stray = owner !== undefined && owner !== "" && (copy.owners.length !== 1 || copy.owners[0] !== owner)
  return [...wrong.map(([member]) => member), ...(stray ? ["company"] : [])]
}

const pair = (
  one: Pair,
  erp: ReadonlyArray<Values>,
  crm: ReadonlyArray<Copy>,
  unmovable: ReadonlySet<string>,
): Compared => {
  const there = grouped(crm, one.crm)
  const findings: Array<string> = []
  let [duplicates, lost, matched, waiting] = [0, 0, 0, 0]
  for (const [name, copies] of there) {
    if (copies.length < 2) continue
    duplicates += copies.length - 1
    findings.push(`${one.relay}: ${name} stands ${copies.length} times`)
  }
  for (const fields of erp) {
    const name = one.erp(fields)
    const copy = there.get(name)?.[0]
    if (copy === undefined && unmovable.has(name)) waiting += 1
    else if (copy === undefined) {
      lost += 1
      findings.push(`${one.relay}: ${name} is not there`)
    } else {
      const wrong = differences(one, fields, copy)
      if (wrong.length === 0) matched += 1
      else lost += 1
      for (const member of wrong) findings.push(`${one.relay}: ${name} has another ${member}`)
    }
  }
  return { duplicates, lost, matched, waiting, findings }
}

/** Records that nobody knew before and that carry no name of the ERP: made by somebody who did not say for what. */
const strays = (one: Pair, crm: ReadonlyArray<Copy>, known: number): number =>
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

export const worlds = (): Compared => {
  const acumatica = read<AcumaticaDump>(Files.acumaticaWorld)
  const portal = read<HubSpotDump>(Files.hubspotWorld)
  const hubspot = new Map(portal.records)
  const owners = ownersOf(portal)
  const { known, unmovable } = Files.promised()
  return sum(
    PAIRS.map((one) => {
      const stores = acumatica.tenants[0]?.stores ?? {}
      const erp = one.stores.flatMap((name) => (stores[name]?.docs ?? []).map(({ fields }) => fields))
      const crm = (hubspot.get(one.objects) ?? [])
        .filter(({ archivedAt }) => archivedAt === undefined)
        .map(({ id, properties }) => ({ properties, owners: owners.get(`${one.objects}/${id}`) ?? [] }))
      const compared = pair(one, erp, crm, new Set(unmovable[one.relay] ?? []))
      return { ...compared, duplicates: compared.duplicates + strays(one, crm, known[one.relay] ?? 0) }
    }),
  )
}

export const describe = ({ duplicates, lost, matched, waiting }: Compared): string =>
  `${matched} records stand in both with the same values, ${waiting} wait for a person, ${duplicates} duplicates, ${lost} lost`
