/** The contact of a customer, as the rules see it. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"
import * as DynamicsIdentity from "@mortise/dynamics/Identity"
import { COMPANY, textOf } from "./Party.ts"

const SET = "ContactPersons"

export const person = (world: DynamicsTwin.DynamicsWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: party }, ...fields },
  }),
  records: () =>
    world.all(SET).map((doc) => {
      const field = (name: string) => textOf(world.value(SET, doc, name))
      const associated = field("AssociatedPartyNumber")
      const owners = world
        .all("CustomersV3", COMPANY)
        .filter((one) => textOf(world.value("CustomersV3", one, "PartyNumber")) === associated)
      return {
        id: field("ContactPersonId") ?? "",
        key: DynamicsIdentity.decode(field("BillingInformation") ?? ""),
        name: field("LastName"),
        parties: owners.map((one) => String(world.value("CustomersV3", one, "CustomerAccount"))),
      }
    }),
  isWrite: (line) => (line.method === "POST" || line.method === "PATCH") && pathOf(line).startsWith(`/data/${SET}`),
})
