/** Enters into the CRM's twin what sales kept before anybody joined the systems. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Business } from "./Business.ts"

/** No key of ours on any of it. */
export const hubspot = (world: HubSpotTwin.HubSpotWorld, business: Business): void => {
  world.seed(business.knownCompanies.map(({ domain, name }) => ({ type: "companies", properties: { domain, name } })))
  world.seed(
    business.knownPeople.map(({ email, first, last, others }) => ({
      type: "contacts",
      properties: {
        email,
        firstname: first,
        lastname: last,
        ...(others.length === 0 ? {} : { hs_additional_emails: others.join(";") }),
      },
    })),
  )
}
