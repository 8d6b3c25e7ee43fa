/** Edits that do not move the stamp of the record that they change. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { BlindEdit } from "@mortise/conformance/kit/Probe"

export const blindEdits = (world: HubSpotTwin.HubSpotWorld): ReadonlyArray<BlindEdit> => [
  {
    says: "a line item of a deal gets another quantity",
    entity: "Deal",
    enter: () => {
      const [deal = ""] = world.seed([{ type: "deals", properties: { dealname: "With a line" } }])
      const [line = ""] = world.seed([{ type: "line_items", properties: { name: "Bolt", quantity: "1", price: "2" } }])
      world.associate("deals", deal, "line_items", line)
      return deal
    },
    edit: (id) => {
      const [line] = world.associations("deals", id, "line_items")
      world.update("line_items", line?.id ?? "", { quantity: "7" })
    },
  },
]
