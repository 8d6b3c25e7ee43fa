import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

const ELSEWHERE = "https://elsewhere.example/next"

export const foreignLink: Rule = {
  id: "S/foreign-link",
  level: "MUST",
  needs: ["reads", "nextLinks"],
  promise: "a link to the next page that leads to another origin is not followed, and no credentials go there",
  hazards: [
    Hazard.make(
      "pages with a link were served",
      ({ lines, stage }) => lines.filter((line) => stage.party.page(line) !== undefined).length,
    ),
  ],
  assertions: 2,
  intercepted: true,
  check: async (bench, witness) => {
    const astray = need(bench.ledAstray, "nextLinks")
    let led = 0
    const tamper = async (_: Request, response: Response): Promise<Response> => {
      const body = await response.clone().text()
      const other = astray(body, ELSEWHERE)
      if (other === body) return response
      led += 1
      return new Response(other, { status: response.status, headers: response.headers })
    }
    const read = Effect.gen(function* () {
      const { party } = bench
      const port = party.port(yield* bench.connect())
      party.enter(1, port.features.pageSize + 3)
      yield* bench.catchUp
      yield* Effect.ignore(Stream.runDrain(port.changes({ fields: ["name"] as never })))
    })
    await bench.run(read, bench.backend, { tamper })
    witness.holds(led > 0, "no link was led astray")
    witness.equal(bench.foreign, [], "addresses that were asked for")
  },
}
