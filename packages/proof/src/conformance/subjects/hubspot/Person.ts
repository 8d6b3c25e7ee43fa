/** The contact of a company, as the rules see it. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"
import * as Identity from "@mortise/hubspot/Identity"

export const person = (world: HubSpotTwin.HubSpotWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `acumatica/acme/main|Contact|P${n}`,
    fields: { lastName: `Person ${n}`, company: { key: party }, ...fields },
  }),
  records: () =>
    world.records("contacts").map(({ id, properties }) => ({
      id,
      key: Identity.decode(properties["mortise_key"]),
      name: properties["lastname"],
      parties: world.associations("contacts", id, "companies").map((one) => one.id),
    })),
  isWrite: (line) => line.method === "POST" && /\/contacts\/batch\/(upsert|update|create)$/.test(pathOf(line)),
})
