/** Mutants that the rules of this family have to catch. */
import { door, each, writing } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const releases = door("enters documents that are not on hold", async (request, fetch) => {
  if (request.method !== "PUT") return fetch(request)
  const body = (await request.clone().text()).replaceAll('"Hold":{"value":true}', '"Hold":{"value":false}')
  return fetch(new Request(request.url, { method: "PUT", headers: request.headers, body }))
})

const withPhone = (phone: string | null) => each((one) => ({ ...one, fields: { phone, ...one.fields } }))

export const ownership: ReadonlyArray<Known> = [
  { make: () => writing("fills in what was not supplied", withPhone("+49 30 9")), caughtBy: ["O/supplied-only"] },
  { make: () => writing("clears what was not supplied", withPhone(null)), caughtBy: ["O/absent-is-not-null"] },
  {
    make: () => ({ name: "writes though it was opened read-only", how: (how) => ({ ...how, readOnly: false }) }),
    caughtBy: ["O/read-only"],
  },
  { make: () => releases, caughtBy: ["O/held-drafts"] },
]
