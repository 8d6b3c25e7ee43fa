/**
 * Contact: ContactPersons, named by a ContactPersonId that a number sequence gives. A contact belongs to a party and not
 * to a customer: its account is the customer of that party in this company.
 *
 * Requests for N contacts: as for accounts; reading takes one more list for every 20 parties of a page, or one for a range
 * of them, and writing an account one read of its customer.
 */
import { Contact } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import * as addresses from "../internal/addresses.ts"
import { addressBody, definedBody, flag, given, sameAddress, text } from "../internal/body.ts"
import type { Beside, Facts, WrittenMapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import * as ranges from "../internal/ranges.ts"
import type { Records } from "../internal/records.ts"
import { type Encoded, type EncodeFacts, type Pointer, textual, type Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Contact
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Person = Wire<"ContactPersons">

/** The customer of a party. Two of them in one company have no order; the first number is taken, so that it stays. */
const customersOf = (records: Records, wires: ReadonlyArray<Person>, { settings }: Facts) =>
  Effect.map(
    ranges.rowsFor(
      records,
      {
        set: "CustomersV3",
        field: "PartyNumber",
        id: "CustomerAccount",
        select: ["dataAreaId", "CustomerAccount", "PartyNumber"],
        filter: Filter.equals("dataAreaId", settings.company),
      },
      wires.flatMap(({ AssociatedPartyNumber }) => AssociatedPartyNumber ?? []),
    ),
    (rows): Beside => {
      const customers = new Map<string, string>()
      for (const { CustomerAccount: account, PartyNumber: party } of rows) {
        if (!account || !party) continue
        const before = customers.get(party.toLowerCase())
        if (before === undefined || account < before) customers.set(party.toLowerCase(), account)
      }
      return { customers }
    },
  )

const accountOf = (reader: Reading.Reader<Person>, beside: Beside): Rec["account"] | undefined => {
  const party = reader.text("AssociatedPartyNumber")
  const customers = beside["customers"] as ReadonlyMap<string, string> | undefined
  if (party === undefined || party === null || customers === undefined) return party === null ? null : undefined
  const number = customers.get(party.toLowerCase())
  return number === undefined ? null : { id: Keys.join("CustomersV3", [number]), number }
}

const decode = (reader: Reading.Reader<Person>, { settings }: Facts, beside: Beside): Partial<Rec> => {
  const inactive = reader.flag("IsInactive")
  return Reading.known({
    firstName: reader.text("FirstName"),
    lastName: reader.text("LastName"),
    displayName: reader.text("ContactPersonName"),
    title: reader.text("EmploymentJobTitle"),
    email: reader.text("PrimaryEmailAddress"),
    phone: reader.text("PrimaryPhoneNumber"),
    account: accountOf(reader, beside),
    address: Reading.address(reader, addresses.contact, settings.countries),
    active: inactive === undefined || inactive === null ? inactive : !inactive,
  }) as Partial<Rec>
}

export const mapping = (settings: Settings): WrittenMapping<E, "ContactPersons"> => ({
  entity: Contact,
  resource: "ContactPersons",
  members: {
    firstName: ["FirstName"],
    lastName: ["LastName"],
    displayName: ["ContactPersonName"],
    title: ["EmploymentJobTitle"],
    email: ["PrimaryEmailAddress"],
    phone: ["PrimaryPhoneNumber"],
    account: ["AssociatedPartyNumber"],
    address: Reading.namesOf(addresses.contact),
    active: ["IsInactive"],
  },
  carrier: Identity.carrier(settings, "ContactPersons"),
  beside: { fields: ["account"], read: customersOf },
  decode,
})

/** The party of the customer, which is what the service keeps. */
const party = ({ account }: Patch, customer: Wire<"CustomersV3"> | undefined): string | undefined => {
  if (account === undefined) return undefined
  return account === null ? "" : (customer?.PartyNumber ?? undefined)
}

const encode = (patch: Patch, { customer, settings }: EncodeFacts<"ContactPersons">): Encoded => {
  const { account, active } = patch
  const associated = party(patch, customer)
  if (account !== undefined && account !== null && !associated)
    return { issues: [{ path: ["account"], message: "is a customer whose party cannot be read" }] }
  return {
    body: definedBody({
      FirstName: text(patch.firstName),
      LastName: given(patch.lastName),
      EmploymentJobTitle: text(patch.title),
      PrimaryEmailAddress: text(patch.email),
      PrimaryPhoneNumber: text(patch.phone),
      AssociatedPartyNumber: associated,
      IsInactive: active === undefined || active === null ? undefined : flag(!active),
      ...addressBody(patch.address, addresses.contact, settings.countries),
    }),
  }
}

const initial = (patch: Patch): Encoded =>
  given(patch.lastName) === undefined && given(patch.firstName) === undefined
    ? { issues: [{ path: ["lastName"], message: "is needed for a new contact" }] }
    : { body: {} }

const pointers = ({ account }: Patch): ReadonlyArray<Pointer> =>
  account === undefined || account === null ? [] : [{ path: "account", entity: "Account", reference: account }]

export const writer: Writer<E, "ContactPersons"> = {
  writable: ["firstName", "lastName", "title", "email", "phone", "account", "address", "active"],
  notClearable: ["lastName", "active", "address"],
  fixed: [],
  pointers,
  customerOf: ({ account }) => account ?? undefined,
  initial,
  encode,
  compare: { address: sameAddress },
  natural: { email: textual("PrimaryEmailAddress", "email") },
}

export const absent: Features.Features<E>["absent"] = {
  company: "a contact belongs to a party, see `account`",
  mobile: "a contact has one primary number, which may be a mobile's",
  emails: "a contact has one primary address",
  roles: "kept on the customer, not on the contact",
  lifecycleStage: "the CRM's",
}
