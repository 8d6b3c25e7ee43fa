/** The contact of a customer, as the rules see it. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"
import * as ErpNextIdentity from "@mortise/erpnext/Identity"

export const person = (world: ErpNextTwin.ErpNextWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: party }, ...fields },
  }),
  records: () =>
    world.all("Contact").map(({ columns, tables }) => ({
      id: String(columns["name"]),
      key: ErpNextIdentity.decode(String(columns["mortise_key"] ?? "")),
      name: columns["last_name"] === undefined ? undefined : String(columns["last_name"]),
      parties: (tables["links"] ?? [])
        .filter((row) => row["link_doctype"] === "Customer")
        .map((row) => String(row["link_name"])),
    })),
  isWrite: (line) => line.method !== "GET" && /\/Contact(\/|$)/.test(pathOf(line)),
})
