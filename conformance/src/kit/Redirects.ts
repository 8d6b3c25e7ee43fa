/**
 * Following a redirect as `fetch` does it. MSW gives up where a body would be sent once more, and a connector that hands
 * its records on to somebody else would look as if it had only failed.
 */

type Fetch = typeof globalThis.fetch

/** As many as `fetch` takes before it gives up. */
const MOST = 20

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** What `fetch` keeps from another origin; every other header goes along, an API key of the vendor's own too. */
const KEPT_BACK = ["authorization", "proxy-authorization", "cookie", "host"]

const OF_THE_BODY = ["content-encoding", "content-language", "content-location", "content-length", "content-type"]

const becomesGet = (status: number, method: string): boolean =>
  status === 303 ? method !== "GET" && method !== "HEAD" : (status === 301 || status === 302) && method === "POST"

/** The request that follows; undefined where the answer leads nowhere. */
const next = (asked: Request, body: ArrayBuffer, { headers: told, status }: Response): Request | undefined => {
  const location = told.get("location")
  if (!REDIRECTS.has(status) || location === null) return undefined
  const to = new URL(location, asked.url)
  const headers = new Headers(asked.headers)
  const isBare = becomesGet(status, asked.method)
  const isElsewhere = to.origin !== new URL(asked.url).origin
  for (const name of [...(isBare ? OF_THE_BODY : []), ...(isElsewhere ? KEPT_BACK : [])]) headers.delete(name)
  const { method, signal } = asked
  return new Request(to, {
    ...{ headers, signal, method: isBare ? "GET" : method },
    ...(isBare || body.byteLength === 0 ? {} : { body }),
  })
}

export const following = (fetch: Fetch): Fetch =>
  (async (input: RequestInfo | URL, init?: RequestInit) => {
    let asked = new Request(input, init)
    if (asked.redirect !== "follow") return fetch(asked)
    for (let times = 0; times <= MOST; times++) {
      const body = await asked.clone().arrayBuffer()
      const response = await fetch(new Request(asked.clone(), { redirect: "manual" }))
      const then = next(asked, body, response)
      if (then === undefined) return response
      asked = then
    }
    throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") })
  }) as Fetch
