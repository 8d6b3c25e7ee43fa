import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { portOf } from "../../kit/Subject.ts"

/**
 * What no integration of sales has any business with; whole words of names, as vendors join them. The employee who is
 * responsible for a customer is its sales rep.
 */
const DENIED =
  /(^|[^a-z])(cost|standardcost|averagecost|lastcost|margin|payroll|employee(?! responsible)|salary|journalentr|ledgeraccount)/i

/** Words of a request: of its path, its query and its body, in camel case taken apart. */
const words = (text: string): string => text.replace(/([a-z])([A-Z])/g, "$1 $2")

export const denied: Rule = {
  id: "O/denied",
  level: "MUST",
  needs: ["lines"],
  promise: "cost, margins, payroll and the ledger are neither asked of the vendor nor written",
  hazards: [
    Hazard.calls("every port was read", ({ method }) => method === "changes"),
    Hazard.lines("reads were served", ({ status = 0 }) => status === 200),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const lined = need(bench.lined, "lines")
        yield* lined.enter
        const connected = yield* bench.connect()
        party.enter(1, 2)
        yield* portOf(connected, lined.entity).upsert([lined.write(1, [{ key: "a", product: "BOLT", quantity: "1" }])])
        yield* bench.catchUp
        for (const port of Object.values(connected.ports)) {
          if (port.features.reads) yield* Stream.runDrain(port.changes())
          witness.equal(
            port.features.readable.filter((field: string) => DENIED.test(words(field))),
            [],
            `readable fields of ${port.entity.name}`,
          )
        }
        const asked = twin.journal.lines.filter(({ requestBody, url }) =>
          DENIED.test(words(`${decodeURIComponent(url)} ${requestBody}`)),
        )
        witness.equal(
          asked.map(({ method, url }) => `${method} ${url}`),
          [],
          "requests that name what is denied",
        )
      }),
    ),
}
