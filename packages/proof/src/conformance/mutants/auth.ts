/** Mutants that the rules of this family have to catch. */
import { door } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const asksTwice = door("asks twice for a token", async (request, fetch) => {
  const again = request.clone()
  const response = await fetch(request)
  if (/\/token$/.test(request.url)) await fetch(again)
  return response
})

export const auth: ReadonlyArray<Known> = [{ make: () => asksTwice, caughtBy: ["A/token-expired"] }]
