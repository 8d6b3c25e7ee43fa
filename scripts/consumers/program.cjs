const HubSpotTwin = require("@mortise/conformance/hubspot/HubSpotTwin")
const Promises = require("@mortise/core/Promises")
const StateStore = require("@mortise/core/StateStore")
const HubSpot = require("@mortise/hubspot/HubSpot")
const Redacted = require("effect/Redacted")

const main = async () => {
  const twin = HubSpotTwin.make({ clock: { now: () => Date.now(), sleep: async () => {} } })
  const credentials = { token: Redacted.make(HubSpotTwin.TOKEN) }
  const hubspot = await Promises.open(HubSpot.make({ credentials, fetch: twin.fetch }), {
    store: StateStore.layerMemory(),
  })
  await hubspot.connector.prepare()
  for await (const page of hubspot.connector.ports.Company.changes())
    console.log(`read a page of ${page.changes.length} from CommonJS`)
  await hubspot.close()
}
main()
