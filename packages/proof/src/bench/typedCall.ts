/** A typed call through the whole pipeline against the bare `fetch` and the bare `openapi-fetch`, over loopback. */
import { Worker } from "node:worker_threads"
import * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import * as Effect from "effect/Effect"
import createClient from "openapi-fetch"
import type { Case } from "./Case.ts"

interface Paths {
  readonly "/things": {
    readonly get: {
      responses: { 200: { content: { "application/json": { readonly results: ReadonlyArray<unknown> } } } }
    }
  }
}

// The server has a thread of its own, so that the client's time is the client's.
const SERVER = `
const { createServer } = require("node:http")
const { parentPort } = require("node:worker_threads")
const body = JSON.stringify({ results: Array.from({ length: 20 }, (_, id) => ({ id, name: "thing " + id })) })
const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
  response.end(body)
})
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port))
`

const serve = async () => {
  const worker = new Worker(SERVER, { eval: true })
  const port = await new Promise<number>((resolve) => worker.once("message", resolve))
  return { url: `http://127.0.0.1:${port}`, close: async () => void (await worker.terminate()) }
}

const operation = Replay.read("bench.things.list", "any")

const ourCall = async (url: string): Promise<() => Promise<void>> => {
  const pipeline = await Effect.runPromise(
    Pipeline.make({
      system: "bench",
      baseUrl: new URL(url),
      auth: { headers: Effect.succeed({ authorization: "Bearer bench" }), refused: () => Effect.succeed(false) },
      limiter: RateLimit.unlimited,
      classify: () => undefined,
    }),
  )
  const client = createClient<Paths>({ baseUrl: url })
  return () => Effect.runPromise(Effect.asVoid(pipeline.call(operation, (door) => client.GET("/things", door))))
}

/** `calls` calls, `width` of them at a time. */
const repeat = (calls: number, width: number, call: () => Promise<void>) => async (): Promise<void> => {
  let left = calls
  const lane = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: width }, lane))
}

const againstFetch: Case = {
  name: "typed call, 1 at a time, against bare fetch",
  goal: "at most 1.25",
  rounds: 9,
  open: async () => {
    const { close, url } = await serve()
    const bare = async () => {
      const response = await fetch(`${url}/things`, { headers: { authorization: "Bearer bench" } })
      await response.json()
    }
    return { ours: repeat(300, 1, await ourCall(url)), other: repeat(300, 1, bare), close }
  },
}

const againstOpenApiFetch: Case = {
  name: "typed call, 16 at a time, against bare openapi-fetch",
  goal: "at most 1.25",
  rounds: 9,
  open: async () => {
    const { close, url } = await serve()
    const client = createClient<Paths>({ baseUrl: url, headers: { authorization: "Bearer bench" } })
    const bare = async () => void (await client.GET("/things"))
    return { ours: repeat(800, 16, await ourCall(url)), other: repeat(800, 16, bare), close }
  },
}

export const cases: ReadonlyArray<Case> = [againstFetch, againstOpenApiFetch]
