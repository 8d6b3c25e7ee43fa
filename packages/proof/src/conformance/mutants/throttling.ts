/** Mutants that the rules of this family have to catch. */
import { door } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const impatient = door("does not wait after a 429", async (request, fetch) => {
  const again = request.clone()
  const response = await fetch(request)
  return response.status === 429 ? fetch(again) : response
})

export const throttling: ReadonlyArray<Known> = [{ make: () => impatient, caughtBy: ["T/retry-after"] }]
