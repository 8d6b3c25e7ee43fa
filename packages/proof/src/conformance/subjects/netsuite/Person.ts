/** The contact of a customer, as the rules see it. */
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import { cellOf, keyOf } from "./Cells.ts"

export const person = (world: NetSuiteTwin.NetSuiteWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: party }, ...fields },
  }),
  records: () =>
    world.all("contact").map((doc) => ({
      id: doc.id,
      key: keyOf(doc, "Contact"),
      name: cellOf(doc, "lastName"),
      parties: [
        cellOf(doc, "company") ?? [],
        world.state.attachments.filter(({ contact }) => contact === doc.id).map(({ to }) => to),
      ].flat(),
    })),
  isWrite: (line) => line.method !== "GET" && /\/record\/v1\/contact(?:\/|$)/.test(pathOf(line)),
})
