/** The reference connector on its twin. Its party is the account. */
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Connector from "./Connector.ts"
import { census, isRead, isSafe, isToken, isWrite, lined, party, person, values } from "./Probes.ts"
import * as Quillbook from "./Quillbook.ts"

const open = ({ clock, world: given }: Setting): Stage => {
  const twin = Quillbook.make({ clock })
  const { world } = twin
  if (given !== undefined) world.load(given)
  let consent: string | undefined
  const connect = Effect.fnUntraced(function* (how: Opening) {
    if (how.sameConsent !== true || consent === undefined) consent = world.refreshToken() ?? ""
    const connected = yield* Connector.make({
      fetch: how.fetch,
      store: yield* StateStore,
      clientSecret: Redacted.make(Quillbook.CLIENT.clientSecret),
      refreshToken: Redacted.make(consent),
      readOnly: how.readOnly ?? false,
      ...how.options,
    })
    return connected as unknown as Connected
  })
  return {
    twin,
    connect,
    party: party(world),
    person: person(world),
    lined: lined(world),
    values: values(world),
    tokens: { revoke: () => world.revoke(), lifetimeMillis: Quillbook.TOKEN_SECONDS * 1000 },
    cap: { rows: 2 * Quillbook.REACH + 5, most: Quillbook.REACH },
    custom: {
      field: "region",
      inWorld: (id) => {
        const region = world.get("accounts", id)?.["region"]
        return typeof region === "string" ? region : undefined
      },
      enter: (id, value) => world.edit("accounts", id, { region: value }),
    },
    quota: { spend: world.spend },
    limit: { requests: Quillbook.LIMIT.requests, windowMillis: Quillbook.LIMIT.millis },
    plainHttp: { options: { baseUrl: new URL("http://api.quillbook.example/v1") } },
    wrongCredentials: { options: { clientSecret: Redacted.make("not-the-secret") } },
    ledAstray: (body, to) => body.replace(/"next":"[^"]*"/, `"next":${JSON.stringify(to)}`),
    catchUp: Effect.sleep("10 seconds"),
    isWrite,
    isRead,
    isToken,
    isSafe,
    census: census(world),
  }
}

export const reference: Subject = {
  name: "reference",
  version: "0.1.0",
  apiVersion: "v1",
  profile: "full",
  side: "erp",
  absent: {
    batches: "a request carries one record",
    ledger: "it writes accounts, people and orders, and no document of a ledger",
    merges: "Quillbook knows no merge",
    push: "Quillbook pushes nothing",
    lag: "what was written is seen at once",
    blindEdits: "every edit moves the stamp",
    overdue: "it reads no invoices",
    companies: "an instance keeps the books of one company",
    pinning: "there is one version",
    versions: "there is one version, and nobody asks for it",
    correlation: "Quillbook gives no id of an exchange",
  },
  open,
}
