/**
 * Contact: a person of a customer, named by an internal id. Its first customer is its `company`; further ones are
 * attachments, which are not read.
 *
 * Requests for N contacts: a query for every page of 1000; writing as for accounts, without addresses.
 */
import { Contact } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { definedBody, pointer, ref } from "../internal/body.ts"
import { sameText } from "../internal/covers.ts"
import type { Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import * as Query from "../Query.ts"

type E = typeof Contact
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const isActive = (inactive: boolean | null | undefined): boolean | null | undefined =>
  inactive === undefined || inactive === null ? inactive : !inactive

const decode = (reader: Reader): Partial<Rec> =>
  known({
    firstName: reader.text("firstname"),
    lastName: reader.text("lastname"),
    displayName: reader.text("entityid"),
    title: reader.text("title"),
    email: reader.text("email"),
    phone: reader.text("phone"),
    mobile: reader.text("mobilephone"),
    account: link(reader.text("company")),
    active: isActive(reader.boolean("isinactive")),
  }) as Partial<Rec>

const plain = (name: string) => ({ columns: [Query.plain(name)] })

export const mapping: Mapping<E> = {
  entity: Contact,
  table: "contact",
  always: [],
  members: {
    firstName: plain("firstname"),
    lastName: plain("lastname"),
    displayName: plain("entityid"),
    title: plain("title"),
    email: plain("email"),
    phone: plain("phone"),
    mobile: plain("mobilephone"),
    account: plain("company"),
    active: plain("isinactive"),
  },
  parts: {},
  typeOf: () => "contact",
  decode,
}

const encode = (patch: Patch, { idOf }: EncodeFacts): Encoded => {
  const { account, active, displayName } = patch
  return {
    body: definedBody({
      entityId: displayName ?? undefined,
      firstName: patch.firstName,
      lastName: patch.lastName,
      title: patch.title,
      email: patch.email,
      phone: patch.phone,
      mobilePhone: patch.mobile,
      company: account === undefined || account === null ? account : ref(idOf("Account", account)),
      isInactive: active === undefined || active === null ? undefined : !active,
    }),
  }
}

export const writer: Writer<E> = {
  writable: ["firstName", "lastName", "displayName", "title", "email", "phone", "mobile", "account", "active"],
  notClearable: ["displayName", "active"],
  fixed: [],
  pointers: ({ account }) => pointer("account", "Account", account),
  typeFor: () => "contact",
  initial: (_, { settings: { defaults, subsidiary } }) => ({
    body: definedBody({ ...defaults?.Contact, subsidiary: ref(subsidiary) }),
  }),
  encode,
  natural: { email: "email" },
  compare: { email: sameText },
}

export const absent: NonNullable<Features.Features<E>["absent"]> = {
  company: "a contact belongs to a customer, see `account`",
  emails: "a contact has one address, and an alternative one that is not read",
  address: "a contact's address book is a copy of its customer's unless somebody parts them",
  roles: "kept on the customer, and not created by the record API",
  lifecycleStage: "the CRM's",
}
