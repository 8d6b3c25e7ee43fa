/** Doors whose use a virtual clock can see: `fetch` and WebCrypto, counted while they work. */
import type { Activity } from "./Activity.ts"

const NULL_BODY = new Set([204, 205, 304])

/** Reads a body to its end, or to where it breaks; the copy breaks at the same place. */
const readThrough = async (response: Response): Promise<Response> => {
  if (response.body === null || NULL_BODY.has(response.status)) return response
  const chunks: Array<Uint8Array> = []
  let broken: { readonly cause: unknown } | undefined
  try {
    for await (const chunk of response.body) chunks.push(chunk)
  } catch (cause) {
    broken = { cause }
  }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk !== undefined) controller.enqueue(chunk)
      else if (broken !== undefined) controller.error(broken.cause)
      else controller.close()
    },
  })
  const copy = new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  })
  Object.defineProperty(copy, "url", { value: response.url })
  Object.defineProperty(copy, "redirected", { value: response.redirected })
  return copy
}

/** The whole exchange counts, the body too: it arrives over the same socket after the headers. */
export const trackFetch = (activity: Activity, inner: typeof globalThis.fetch): typeof globalThis.fetch =>
  ((input: RequestInfo | URL, init?: RequestInit) =>
    activity.request(async () => readThrough(await inner(input, init)))) as typeof globalThis.fetch

/** Each promise that `crypto.subtle` gives counts until it settles. */
export const trackCrypto = (activity: Activity, inner: Crypto): Crypto => {
  const counted = <T extends object>(target: T, wrap: (value: unknown) => unknown): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object)
        if (typeof member !== "function") return member === inner.subtle ? subtle : member
        return (...args: ReadonlyArray<unknown>) => wrap(Reflect.apply(member, object, args))
      },
    })
  const subtle = counted(inner.subtle, (value) => (value instanceof Promise ? activity.work(() => value) : value))
  return counted(inner, (value) => value)
}
