/** Mutants that the rules of authentication have to catch. */
import {
  answering,
  door,
  forgetting,
  hammering,
  isToken,
  REFERENCE,
  SMALL,
  switched,
  withBody,
  withStatus,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"

const asksTwice = door("asks twice for a token", async (request, fetch) => {
  const again = request.clone()
  const response = await fetch(request)
  if (isToken(request)) await fetch(again)
  return response
})

/** A token that is said to live so long. */
const living = (name: string, seconds: (told: number) => number) =>
  answering(name, async (response, request) => {
    if (!isToken(request) || !response.ok) return response
    const body = await response.text()
    return withBody(
      response,
      body.replace(/("expires_in":)(\d+)/, (_, member, told) => `${member}${seconds(Number(told))}`),
    )
  })

/** A refusal of the token endpoint. */
const isRefused = (response: Response, request: Request): boolean =>
  isToken(request) && response.status >= 400 && response.status < 500

export const auth: ReadonlyArray<Known> = [
  { make: () => asksTwice, caughtBy: ["A/token-expired"] },
  {
    make: () => living("uses a token until it is refused", (told) => told * 100),
    caughtBy: ["A/refresh-ahead"],
    on: REFERENCE,
  },
  { make: () => living("takes every token for spent", () => 1), caughtBy: ["A/refresh-ahead"], on: REFERENCE },
  {
    make: () => hammering("asks again and again for a token that is refused", isRefused, 5),
    caughtBy: ["A/refused-refresh", "A/wrong-credentials"],
    on: REFERENCE,
  },
  {
    make: () =>
      answering("takes a refusal of its credentials for a passing failure", (response, request) =>
        isRefused(response, request) ? withStatus(response, 503) : response,
      ),
    caughtBy: ["A/refused-refresh", "A/wrong-credentials"],
    on: REFERENCE,
  },
  {
    make: () => switched("keeps its tokens in memory", "forgetsTokens"),
    caughtBy: ["A/rotated-before-use"],
    on: REFERENCE,
  },
  {
    make: () => forgetting("does not find its tokens in the store", "token"),
    caughtBy: ["A/rotated-before-use"],
    on: SMALL,
  },
  {
    make: () =>
      hammering(
        "shows a refused token again and again",
        (response, request) => response.status === 401 && !isToken(request),
        3,
      ),
    caughtBy: ["A/refused-for-good"],
    on: REFERENCE,
  },
  {
    make: () =>
      answering("takes a right that is missing for a token that expired", (response) =>
        response.status === 403 ? withStatus(response, 401) : response,
      ),
    caughtBy: ["A/forbidden"],
    on: REFERENCE,
  },
  {
    make: () => hammering("sends again what it has no right to", (response) => response.status === 403, 2),
    caughtBy: ["A/forbidden"],
    on: REFERENCE,
  },
]
