/**
 * Contact: CR302000, named by a ContactID that the system gives. Our key stands in `ExtRefNbr` from 24.200.001; before
 * that in a user-defined field that the tenant grants (`contacts.keyField`), or no contact is created.
 *
 * Requests for N contacts: as for accounts; where the key field lies outside the contract, the list names it in
 * `$custom`.
 */
import { Contact } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type { Wire } from "../Client.ts"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import { addressBody, definedBody, sameAddress } from "../internal/body.ts"
import type { Mapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"
import { accountAddressOverride } from "../Versions.ts"

type E = typeof Contact
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Person = Wire["Contact"]

/** The label of a mobile phone's type. Acumatica: phone types of a contact. */
const MOBILE = "Cell"
const isMobile = (type: string | null | undefined): boolean => /^(?:cell|mobile)/i.test(type ?? "")

type Reader = Reading.Reader<Person>
const { address, known } = Reading

const mobileOf = (reader: Reader) => {
  if (isMobile(reader.text("Phone2Type"))) return reader.text("Phone2")
  return isMobile(reader.text("Phone3Type")) ? reader.text("Phone3") : undefined
}

/** Where a mobile number goes: over the one that is there, else to a place that holds no number of another kind. */
const placeOf = (reader: Reader): "Phone2" | "Phone3" | undefined => {
  if (isMobile(reader.text("Phone2Type"))) return "Phone2"
  if (isMobile(reader.text("Phone3Type"))) return "Phone3"
  return (["Phone2", "Phone3"] as const).find((place) => !reader.text(place))
}

const decode = (reader: Reader): Partial<Rec> => {
  const account = reader.text("BusinessAccount")
  return known({
    firstName: reader.text("FirstName"),
    lastName: reader.text("LastName"),
    displayName: reader.text("DisplayName"),
    title: reader.text("JobTitle"),
    email: reader.text("Email"),
    phone: reader.text("Phone1"),
    mobile: mobileOf(reader),
    account: account === undefined || account === null ? account : { id: account, number: account },
    address: address(reader.link("Address")),
    active: reader.boolean("Active"),
  }) as Partial<Rec>
}

const ADDRESS = ["AddressLine1", "AddressLine2", "City", "State", "PostalCode", "Country"]

export const mapping = (settings: Settings): Mapping<E, "Contact"> => {
  const carrier = Identity.carrier(settings, "Contact")
  return {
    entity: Contact,
    resource: "Contact",
    members: {
      firstName: ["FirstName"],
      lastName: ["LastName"],
      displayName: ["DisplayName"],
      title: ["JobTitle"],
      email: ["Email"],
      phone: ["Phone1"],
      mobile: ["Phone2", "Phone2Type", "Phone3", "Phone3Type"],
      account: ["BusinessAccount"],
      address: ADDRESS.map((name) => `Address/${name}`),
      active: ["Active"],
    },
    oneByOne: [],
    ...(carrier === undefined ? {} : { carrier }),
    decode,
  }
}

const encode = (patch: Patch, facts: EncodeFacts<"Contact">): Encoded<"Contact"> => {
  const { wrap } = facts.codec
  const text = (value: string | null | undefined) => (value === undefined ? undefined : wrap.text(value))
  const { account, active, mobile } = patch
  const place = placeOf(Reading.make(facts.codec, facts.existing ?? {}))
  if (typeof mobile === "string" && place === undefined) {
    const message = "the contact has two further numbers that are none of a mobile phone; free one of them"
    return { issues: [{ path: ["mobile"], message }] }
  }
  const ownAddress = accountAddressOverride(facts.settings.version)
  const body = definedBody({
    FirstName: text(patch.firstName),
    LastName: patch.lastName === undefined || patch.lastName === null ? undefined : wrap.text(patch.lastName),
    JobTitle: text(patch.title),
    Email: text(patch.email),
    Phone1: text(patch.phone),
    ...(place === undefined
      ? {}
      : { [place]: text(mobile), [`${place}Type`]: typeof mobile === "string" ? wrap.text(MOBILE) : undefined }),
    BusinessAccount:
      account === undefined ? undefined : wrap.text(account === null ? null : facts.idOf("Account", account)),
    Active: active === undefined || active === null ? undefined : wrap.boolean(active),
    Address:
      patch.address === undefined || patch.address === null ? undefined : addressBody(facts.codec, patch.address),
    [ownAddress.field]: patch.address === undefined ? undefined : wrap.boolean(ownAddress.own),
  })
  return { body: body as Person }
}

const pointers = ({ account }: Patch): ReadonlyArray<Pointer> =>
  account === undefined || account === null ? [] : [{ path: "account", entity: "Account", reference: account }]

export const writer: Writer<E, "Contact"> = {
  writable: ["firstName", "lastName", "title", "email", "phone", "mobile", "account", "address", "active"],
  notClearable: ["lastName", "active", "address"],
  fixed: [],
  pointers,
  initial: () => ({ body: {} }),
  encode,
  compare: { address: sameAddress },
  natural: {
    email: (value) =>
      typeof value === "string" && value.trim() !== "" ? { filter: Filter.equals("Email", value.trim()) } : undefined,
  },
}

export const absent: Features.Features<E>["absent"] = {
  company: "a contact belongs to a business account, see `account`",
  emails: "a contact has one address",
  roles: "kept on the customer, not on the contact",
  lifecycleStage: "the CRM's",
}
