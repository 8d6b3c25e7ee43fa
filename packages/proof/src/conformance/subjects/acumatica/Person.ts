/** The contact of a customer, as the rules see it. */
import * as AcumaticaIdentity from "@mortise/acumatica/Identity"
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { Person } from "@mortise/conformance/kit/Probe"
import { pathOf } from "@mortise/conformance/kit/Subject"

export const person = (world: AcumaticaTwin.AcumaticaWorld): Person => ({
  entity: "Contact",
  write: (n, party, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: party }, ...fields },
  }),
  records: () =>
    world.all("Contact").map(({ fields }) => ({
      id: String(fields["ContactID"]),
      key: AcumaticaIdentity.decode(String(fields["ExtRefNbr"] ?? "")),
      name: fields["LastName"] === undefined ? undefined : String(fields["LastName"]),
      parties: fields["BusinessAccount"] === undefined ? [] : [String(fields["BusinessAccount"])],
    })),
  isWrite: (line) => line.method === "PUT" && pathOf(line).endsWith("/Contact"),
})
