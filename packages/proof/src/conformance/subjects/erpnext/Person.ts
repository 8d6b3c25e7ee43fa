/** The contact of a customer, as the rules see it. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"
import * as ErpNextIdentity from "@mortise/erpnext/Identity"

/** Contacts that the site did not make by itself, for a customer that has a phone. */
const byHand = (world: ErpNextTwin.ErpNextWorld) => {
  const primary = new Set(world.all("Customer").map(({ columns }) => columns["customer_primary_contact"]))
  return world.all("Contact").filter(({ columns }) => !primary.has(columns["name"] ?? null))
}

export const person = (world: ErpNextTwin.ErpNextWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: party }, ...fields },
  }),
  records: () =>
    byHand(world).map(({ columns, tables }) => ({
      id: String(columns["name"]),
      key: ErpNextIdentity.decode(String(columns["mortise_key"] ?? "")),
      name: columns["last_name"] === undefined ? undefined : String(columns["last_name"]),
      parties: (tables["links"] ?? [])
        .filter((row) => row["link_doctype"] === "Customer")
        .map((row) => String(row["link_name"])),
    })),
  isWrite: (line) => line.method !== "GET" && /\/Contact(\/|$)/.test(pathOf(line)),
})
