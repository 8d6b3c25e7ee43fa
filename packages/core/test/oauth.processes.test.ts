import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const SEAL_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
const PROGRAM = fileURLToPath(new URL("./support/refreshing.ts", import.meta.url))

/** A token endpoint that rotates: each refresh token is good once. */
const endpoint = async () => {
  let good = "refresh-0"
  const asked: Array<string> = []
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += chunk
    const shown = new URLSearchParams(body).get("refresh_token") ?? ""
    asked.push(shown)
    const isGood = shown === good
    if (isGood) good = `refresh-${asked.length}`
    response.writeHead(isGood ? 200 : 400, { "content-type": "application/json" })
    response.end(
      JSON.stringify(
        isGood
          ? { access_token: `access-${asked.length}`, refresh_token: good, expires_in: 3600, token_type: "Bearer" }
          : { error: "invalid_grant" },
      ),
    )
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return { asked, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const message = async (child: ChildProcess): Promise<unknown> => (await once(child, "message"))[0]

it("two processes on one SQLite store that want a token at once make one request between them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mortise-oauth-"))
  const { asked, server, url } = await endpoint()
  const start = () =>
    fork(PROGRAM, [join(folder, "store.db"), url, SEAL_KEY], {
      execArgv: ["--conditions=@mortise/source", "--no-warnings"],
    })
  const children = [start(), start()]
  try {
    assert.deepStrictEqual(await Promise.all(children.map(message)), ["ready", "ready"])
    const tokens = Promise.all(children.map(message))
    for (const child of children) child.send("go")
    assert.deepStrictEqual(await tokens, [["Bearer access-1"], ["Bearer access-1"]])
    assert.deepStrictEqual(asked, ["refresh-0"])
  } finally {
    for (const child of children) child.kill()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
