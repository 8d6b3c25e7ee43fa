import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it, onTestFinished } from "vitest"
import type { CommandError } from "../src/CommandError.ts"
import * as Door from "../src/internal/Door.ts"
import * as Progress from "../src/internal/Progress.ts"
import { folder } from "./support/folder.ts"
import { type Answer, cutOff, inTurn, json, redirect, type Server, serve, text } from "./support/server.ts"

const start = async (routes: Readonly<Record<string, Answer>>): Promise<Server> => {
  const server = await serve(routes)
  onTestFinished(server.close)
  return server
}

const doorTo = (server: Server, limit?: number): Door.Door =>
  Door.make({
    origin: server.url,
    credentials: Effect.succeed({ authorization: "Bearer s3cret" }),
    wanted: "ERP_TOKEN",
    fetch: globalThis.fetch,
    progress: Progress.silent,
    backoff: { base: Duration.millis(1), cap: Duration.millis(1) },
    ...(limit === undefined ? {} : { limit }),
  })

const download = async (server: Server, path = "/description.json", limit?: number) => {
  const file = join(await folder(), "description.json")
  const question = { url: new URL(path, server.url), what: "the description" }
  await Effect.runPromise(doorTo(server, limit).download(question, file))
  return readFile(file, "utf8")
}

const refusal = async (server: Server, path?: string, limit?: number): Promise<CommandError> => {
  const error = await download(server, path, limit).then(
    () => undefined,
    (caught: CommandError) => caught,
  )
  if (error === undefined) throw new Error("the download went through")
  expect(`${error.message} ${error.hint}`).not.toContain("s3cret")
  return error
}

describe("a download", () => {
  it("brings the bytes of the server", async () => {
    const server = await start({ "/description.json": json({ name: "Åkerlund" }) })
    expect(await download(server)).toBe('{"name":"Åkerlund"}')
    expect(server.asked[0]?.headers.authorization).toBe("Bearer s3cret")
  })

  it("follows a redirect on the same host", async () => {
    const server = await start({ "/old": redirect("/description.json", 308), "/description.json": json(1) })
    expect(await download(server, "/old")).toBe("1")
  })

  for (const status of [301, 302, 303, 307, 308]) {
    it(`sends nothing to another host that a ${status} leads to`, async () => {
      const elsewhere = await start({ "/description.json": json(1) })
      const server = await start({ "/description.json": redirect(`${elsewhere.url}/description.json`, status) })
      const error = await refusal(server)
      expect(error.problem).toBe("Address")
      expect(error.message).toContain(elsewhere.url)
      expect(elsewhere.asked).toEqual([])
    })
  }

  it("ends when redirects lead round in a circle", async () => {
    const server = await start({ "/a": redirect("/b"), "/b": redirect("/a") })
    expect((await refusal(server, "/a")).message).toContain("redirects")
    expect(server.asked.length).toBe(6)
  })

  it("is asked for again while the server is busy", async () => {
    const server = await start({ "/description.json": inTurn(json({}, 503), json({}, 429), json("there")) })
    expect(await download(server)).toBe('"there"')
  })

  it("gives up when the server stays busy", async () => {
    const server = await start({ "/description.json": json({}, 503) })
    expect((await refusal(server)).message).toContain("503")
    expect(server.asked.length).toBe(5)
  })

  it("does not wait for an hour that the server names", async () => {
    const server = await start({
      "/description.json": (_, response) => {
        response.writeHead(429, { "retry-after": "3600" })
        response.end()
      },
    })
    expect((await refusal(server)).message).toContain("429")
    expect(server.asked.length).toBe(1)
  })

  it("begins anew when the connection breaks, and leaves nothing of the first half", async () => {
    const server = await start({
      "/description.json": inTurn(cutOff("half of what should have co", "application/json"), json("whole")),
    })
    expect(await download(server)).toBe('"whole"')
  })

  it("fails when the connection breaks each time", async () => {
    const server = await start({ "/description.json": cutOff("half", "application/json") })
    expect((await refusal(server)).message).toContain("the connection failed")
  })

  for (const status of [401, 403]) {
    it(`names the credentials to set after a ${status}, and does not ask twice`, async () => {
      const server = await start({ "/description.json": json({}, status) })
      const error = await refusal(server)
      expect(error.problem).toBe("Credentials")
      expect(error.hint).toContain("ERP_TOKEN")
      expect(server.asked.length).toBe(1)
    })
  }

  it("does not take a sign-in page for a description", async () => {
    const server = await start({ "/description.json": text("<html>Sign in</html>", "text/html; charset=utf-8") })
    expect((await refusal(server)).message).toContain("web page")
  })

  it("stops at the limit of its size", async () => {
    const server = await start({ "/description.json": text("x".repeat(2 * 1024 * 1024), "application/json") })
    expect((await refusal(server, undefined, 1024 * 1024)).message).toContain("larger than 1 MB")
  })
})

describe("an answer in JSON", () => {
  it("is absent where the server does not show it", async () => {
    const server = await start({ "/hidden": json({}, 403) })
    const question = { url: new URL("/hidden", server.url), what: "a list" }
    expect(await Effect.runPromise(doorTo(server).jsonIfAny(question))).toBeUndefined()
  })

  it("is not taken from an address of another host", async () => {
    const server = await start({})
    const question = { url: new URL("https://elsewhere.example/list"), what: "a list" }
    await expect(Effect.runPromise(doorTo(server).json(question))).rejects.toMatchObject({ problem: "Address" })
  })
})
