/** `npm run bench`: prints what was measured; judges nothing, since machines differ. */
import { measure } from "./Case.ts"
import * as clients from "./clients.ts"
import * as trim from "./trim.ts"
import * as typedCall from "./typedCall.ts"

for (const one of typedCall.cases) {
  const { goal, name, other, ours, ratio } = await measure(one)
  console.log(
    `${name}: ${ratio.toFixed(2)} (goal: ${goal}); ${ours.toFixed(1)} ms against ${other.toFixed(1)} ms a round`,
  )
}

console.log(trim.line(await trim.measure()))

for (const one of await clients.descriptions()) console.log(clients.line(one, await clients.measure(one)))
