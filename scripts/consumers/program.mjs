import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import * as Promises from "@mortise/core/Promises"
import * as StateStore from "@mortise/core/StateStore"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as Redacted from "effect/Redacted"

const twin = HubSpotTwin.make({ clock: { now: () => Date.now(), sleep: async () => {} } })
const credentials = { token: Redacted.make(HubSpotTwin.TOKEN) }
const hubspot = await Promises.open(HubSpot.make({ credentials, fetch: twin.fetch }), {
  store: StateStore.layerMemory(),
})
await hubspot.connector.prepare()
const write = { key: "erp|Account|C1", fields: { name: "Åkerlund & Söner AB" } }
const outcomes = [
  await hubspot.connector.ports.Company.upsert([write]),
  await hubspot.connector.ports.Company.upsert([write]),
]
await hubspot.close()
const said = outcomes
  .flat()
  .map(({ _tag }) => _tag)
  .join(", ")
if (said !== "Created, Unchanged" || twin.world.records("companies").length !== 1) throw new Error(said)
console.log(`upserted twice over the built packages: ${said}`)
