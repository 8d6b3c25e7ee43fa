import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

const MOST_REQUESTS = 200

export const endlessPaging: Rule = {
  id: "R/endless-paging",
  level: "MUST",
  needs: ["reads"],
  promise: "a vendor that serves one page again and again is found out, and the reading ends with an error",
  hazards: [
    Hazard.make("one page was served again", ({ lines, stage }) =>
      Math.max(0, lines.filter((line) => stage.isRead(line)).length - 1),
    ),
  ],
  assertions: 2,
  check: async (bench, witness) => {
    const { party, twin } = bench
    let page: string | undefined
    const tamper = async (request: Request, response: Response): Promise<Response> => {
      if (!bench.isRead(request) || !response.ok) return response
      page ??= await response.clone().text()
      return new Response(page, { status: response.status, headers: response.headers })
    }
    const read = Effect.gen(function* () {
      const port = party.port(yield* bench.connect())
      party.enter(1, port.features.pageSize * 2 + 5)
      yield* bench.catchUp
      // A reading that does not find out would go on for ever: it is left after so many requests.
      const watched = Stream.takeWhile(
        port.changes({ fields: ["name"] as never }),
        () => twin.journal.count() < MOST_REQUESTS,
      )
      return yield* Effect.exit(Stream.runDrain(watched))
    })
    const exit = await bench.run(read, bench.backend, { tamper })
    witness.holds(twin.journal.count() < MOST_REQUESTS, `it went on for ${twin.journal.count()} requests`)
    const tag = Exit.isFailure(exit) ? Reasons.tagOf(Cause.squash(exit.cause)) : "none"
    witness.holds(tag === "Decode" || tag === "Unavailable", `it ended with ${tag}, expected Decode or Unavailable`)
  },
}
