import { spawn } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { describe, expect, it, onTestFinished } from "vitest"
import { declaration, TOKEN } from "../../examples/ledgerette/twin.ts"
import * as Live from "../../src/command/live/Live.ts"
import * as TwinKit from "../../src/TwinKit.ts"
import { type Adapter, ledgerette, subject } from "./support/broken.ts"

/** A served twin with records of somebody's own, in real time, and a file that leads to it. */
const sandbox = async (records = 12, credentials: object = { token: "$LEDGERETTE_TOKEN" }) => {
  const now = () => performance.timeOrigin + performance.now()
  const twin = TwinKit.make(declaration, { clock: { now, sleep: async () => {} } })
  const rows = Array.from({ length: records }, (_, at) => ({ name: `Own ${at}`, email: `own-${at}@own.example` }))
  twin.world.seed("customers", rows, { at: now() - 3_600_000 })
  const served = await twin.serve()
  const folder = await mkdtemp(join(tmpdir(), "live-"))
  onTestFinished(async () => {
    await served.close()
    await rm(folder, { recursive: true })
  })
  const file = join(folder, "sandbox.json")
  await writeFile(file, JSON.stringify({ baseUrl: `${served.url}${declaration.base ?? ""}`, credentials }))
  return { twin, file }
}

const judged = async (
  file: string,
  allowWrites: boolean,
  adapter: (given: Parameters<Adapter>[0]) => unknown = ledgerette,
) => {
  const printed: Array<string> = []
  const code = await Live.live({
    subject: subject(adapter),
    file,
    allowWrites,
    environment: { LEDGERETTE_TOKEN: TOKEN },
    print: (text) => void printed.push(text),
  })
  return { code, text: printed.join("") }
}

/** Ledgerette with an archive, which is its deletion. */
const archiving = Effect.fnUntraced(function* (given: Parameters<Adapter>[0]) {
  const connector = yield* ledgerette(given)
  const headers = { authorization: `Bearer ${TOKEN}` }
  const archive = (ids: ReadonlyArray<string>) =>
    Effect.promise(async () => {
      for (const id of ids) await given.fetch(`${given.baseUrl.href}/customers/${id}`, { method: "DELETE", headers })
      return ids.map((id) => ({ _tag: "Updated", id }))
    })
  return { ...connector, ports: { ...connector.ports, Account: { ...connector.ports.Account, archive } } }
})

describe("a run on a sandbox", () => {
  it("reads, and sends nothing that writes", async () => {
    const { file, twin } = await sandbox()
    const { code, text } = await judged(file, false)
    expect(text).toMatch(/\n4 passed, 0 failed, 0 vacuous\n$/)
    expect(code).toBe(0)
    expect(twin.journal.count()).toBeGreaterThan(5)
    expect(twin.journal.lines.filter(({ changed, method }) => changed || method !== "GET")).toEqual([])
  })

  it("holds back what an adapter sends that was opened to read only", async () => {
    const { file, twin } = await sandbox()
    const { text } = await judged(file, false, (given) => {
      void given.fetch(`${given.baseUrl.href}/customers`, { method: "POST", body: "{}" }).catch(() => {})
      return ledgerette(given)
    })
    expect(text).toMatch(/failed {2}live\/inside: .*\n.*requests that were held back: \["POST http:\/\/127/)
    expect(twin.journal.writes()).toEqual([])
  })

  it("sends no secret after a redirect to another host, and says who would have", async () => {
    const told: Array<string> = []
    const other = createServer(({ headers }, response) => {
      told.push(JSON.stringify(headers))
      response.end("{}")
    })
    const there = await new Promise<string>((resolve) => {
      other.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(other.address() as AddressInfo).port}/collect`))
    })
    onTestFinished(() => void other.close())
    const { file, twin } = await sandbox()
    const keyed = (redirect: RequestRedirect) => (given: Parameters<Adapter>[0]) => {
      const fetch: typeof given.fetch = (input, init) => {
        const request = new Request(input, { ...init, redirect })
        request.headers.set("x-app-key", TOKEN)
        return given.fetch(request)
      }
      return ledgerette({ ...given, fetch })
    }
    const led = () => twin.faults.deal({ at: () => true, fault: { kind: "redirect", location: there } })
    led()
    const following = await judged(file, false, keyed("follow"))
    expect(following.text).toMatch(
      /failed {2}live\/inside: .*\n.*requests that were held back: \["GET http:.*\/collect"/,
    )
    led()
    const careful = await judged(file, false, keyed("manual"))
    expect(careful.text).toMatch(
      /note {4}the sandbox led GET .*\/customers to http:.*\/collect\n {2}passed {2}live\/inside/,
    )
    expect(told).toEqual([])
  })

  it("ends as it would have when nobody reads on", async () => {
    const { file } = await sandbox()
    const bin = new URL("../../bin/mortise-conformance.js", import.meta.url).pathname
    const example = new URL("../../examples/ledgerette/subject.ts", import.meta.url).pathname
    const child = spawn(process.execPath, [bin, example, "--live", file], {
      env: { ...process.env, LEDGERETTE_TOKEN: TOKEN },
    })
    child.stdout.destroy()
    let told = ""
    child.stderr.on("data", (chunk) => {
      told += chunk
    })
    const code = await new Promise((resolve) => child.on("close", resolve))
    expect([code, told]).toEqual([0, ""])
  }, 30_000)

  it("proves nothing on a sandbox that is empty", async () => {
    const { file } = await sandbox(0)
    const { code, text } = await judged(file, false)
    expect(text).toMatch(/vacuous live\/read: /)
    expect(code).toBe(1)
  })

  it("writes only with leave, under a name of its own, and says what it could not take away", async () => {
    const { file, twin } = await sandbox()
    const { text } = await judged(file, true)
    const prefix = /names that begin with (mortise-[0-9a-f]{8})/.exec(text)?.[1]
    const names = twin.world.all("customers").map(({ name }) => String(name))
    expect(names.filter((name) => !name.startsWith("Own "))).toEqual([`${prefix} one`])
    // Ledgerette archives nothing.
    expect(text).toMatch(
      /note {4}Account \d+ is left there: the connector archives nothing\n {2}passed {2}live\/write-again/,
    )
  })

  it("takes away what it wrote, where the connector archives", async () => {
    const { file, twin } = await sandbox()
    const { code, text } = await judged(file, true, archiving)
    expect(text).toMatch(/passed {2}live\/write-again/)
    expect(text).not.toContain("note ")
    expect(code).toBe(0)
    const written = twin.journal.where(({ method }) => method === "POST")
    expect(written.length).toBeGreaterThan(0)
    expect(twin.world.all("customers").filter(({ name }) => !String(name).startsWith("Own "))).toEqual([])
  })

  it("tells no secret when the credentials are refused", async () => {
    const { file } = await sandbox(3, { token: "a-token-that-is-wrong" })
    const { code, text } = await judged(file, false)
    expect(code).toBe(1)
    expect(text).toContain("failed  live/read")
    expect(text).not.toContain("a-token-that-is-wrong")
  })

  it.each([
    [{ baseUrl: "http://ledgerette.example" }, /has to begin with https:/],
    [{}, /has no address in "baseUrl"/],
    [{ baseUrl: "https://a.example", credentials: { token: "$NOT_THERE" } }, /The environment has no NOT_THERE/],
  ])("is refused for %j", async (content, message) => {
    const { file } = await sandbox(0)
    await writeFile(file, JSON.stringify(content))
    await expect(judged(file, false)).rejects.toThrow(message)
  })
})
