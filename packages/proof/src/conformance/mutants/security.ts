/** Mutants that the rules of this family have to catch. */
import { door, each, writing } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const follows = door("follows every redirect with its credentials", async (request, fetch) => {
  const headers = request.headers
  const response = await fetch(request)
  const to = response.headers.get("location")
  return response.status >= 300 && response.status < 400 && to !== null ? fetch(to, { headers }) : response
})

export const security: ReadonlyArray<Known> = [
  { make: () => follows, caughtBy: ["S/foreign-redirect"] },
  {
    make: () =>
      writing(
        "takes out of keys what it does not like",
        each((one) => ({ ...one, key: one.key?.replaceAll(/[^\w/|]/g, "") ?? "" })),
      ),
    caughtBy: ["S/hostile-keys"],
  },
]
