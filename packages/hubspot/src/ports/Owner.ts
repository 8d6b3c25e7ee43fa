/** The HubSpot user who owns a record, by the owner's id. */
import * as Fields from "../internal/Fields.ts"

const OWNER = Fields.property("hubspot_owner_id")

export const owner: Fields.Field = {
  properties: [OWNER],
  decode: (props) => {
    const id = Fields.value(props, OWNER.name)
    return typeof id === "string" ? { id } : id
  },
  encode: (json) => {
    if (json === null) return { [OWNER.name]: "" }
    const { id } = json as { readonly id?: string }
    return id === undefined
      ? new Fields.Refused("an owner is named by the id that HubSpot gave the owner")
      : { [OWNER.name]: id }
  },
}
