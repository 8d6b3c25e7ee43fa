import * as Acumatica from "@mortise/acumatica/Acumatica"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Promises from "@mortise/core/Promises"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const secret = Redacted.make("not a real one")
const store = SqliteStore.layer({ path: ":memory:", sealKey: secret })

export const names: Effect.Effect<ReadonlyArray<string>, ConnectorError> = Effect.gen(function* () {
  const hubspot = yield* HubSpot.make({ credentials: { token: secret } })
  const found = yield* hubspot.ports.Company.find(["erp|Account|C1"])
  return [...found.values()].map(({ record }) => record.name ?? "")
}).pipe(Effect.scoped, Effect.provide(store))

export const read = async (): Promise<void> => {
  const erp = await Promises.open(
    Acumatica.make({
      url: "https://erp.example.com/acme",
      tenant: "Acme",
      credentials: { type: "oauth", clientId: "id@Acme", clientSecret: secret, refreshToken: secret },
    }),
    { store },
  )
  for await (const page of erp.connector.ports.Account.changes({ fields: ["name", "email"] })) {
    for (const change of page.changes) if (change._tag === "Upserted") console.log(change.record.name)
  }
  await erp.close()
}
