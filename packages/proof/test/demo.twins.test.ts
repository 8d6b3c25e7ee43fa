import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as Demo from "./support/demo.ts"

let place = ""
beforeEach(() => {
  place = Demo.folder()
})
afterEach(() => Demo.remove(place))

const create = (url: string, email: string): Promise<Response> =>
  fetch(`${url}/crm/objects/2026-09/contacts`, {
    method: "POST",
    headers: { authorization: `Bearer ${HubSpotTwin.TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ properties: { email } }),
  })

/** Clients that create contacts, one after the other, until nobody answers; gives who was answered for. */
const clients = (url: string, many: number, onAnswer: (answered: number) => void): Promise<ReadonlyArray<string>> => {
  const answered: Array<string> = []
  const client = async (name: number): Promise<void> => {
    for (let nth = 0; ; nth += 1) {
      const email = `somebody.${name}.${nth}@new.example`
      const response = await create(url, email).catch(() => undefined)
      if (response === undefined) return
      if (response.status === 201) onAnswer(answered.push(email))
    }
  }
  return Promise.all(Array.from({ length: many }, (_, name) => client(name))).then(() => answered)
}

/** Emails in the world on disk, as often as they stand there. */
const saved = (): ReadonlyArray<string> => {
  const { records } = JSON.parse(readFileSync(join(place, "hubspot.json"), "utf8"))
  const contacts: ReadonlyArray<{ properties: { email: string } }> = new Map<string, []>(records).get("contacts") ?? []
  return contacts.map(({ properties }) => properties.email).filter((email) => email.startsWith("somebody."))
}

const ENDS: ReadonlyArray<readonly [string, (twins: Demo.Twins) => void]> = [
  ["SIGTERM", ({ child }) => child.kill("SIGTERM")],
  ["SIGHUP", ({ child }) => child.kill("SIGHUP")],
  ["the end of whoever started it", ({ child }) => child.disconnect()],
  ["a message", ({ child }) => child.send({ _tag: "Save" })],
]

describe("the twins' process", () => {
  it.each(ENDS)("at %s saves all that it has answered, in the middle of its work", async (_, end) => {
    const twins = await Demo.twins(place)
    expect(Demo.run(place).saved).toBe(false)
    const answered = await clients(twins.url, 6, (count) => {
      if (count === 40) end(twins)
    })
    expect(await twins.ended).toEqual({ code: 0, signal: null })
    expect(answered.length).toBeGreaterThanOrEqual(40)
    const there = saved()
    expect(answered.filter((email) => !there.includes(email))).toEqual([])
    expect(new Set(there).size).toBe(there.length)
    expect(Demo.run(place).saved).toBe(true)
  })

  it("goes on at Ctrl-C, which is for whoever started it", async () => {
    const twins = await Demo.twins(place)
    twins.child.kill("SIGINT")
    expect((await create(twins.url, "somebody@new.example")).status).toBe(201)
    twins.child.disconnect()
    expect(await twins.ended).toEqual({ code: 0, signal: null })
  })

  it("leaves behind, when it is killed hard, what nobody takes for the end of a run", async () => {
    const twins = await Demo.twins(place)
    twins.child.kill("SIGKILL")
    await twins.ended
    const { code, errors, out } = await Demo.demo(place, "--resume")
    expect(code).toBe(1)
    expect(errors).toMatch(/^demo: .*start afresh with: npm run demo\n$/)
    expect(out).toBe("")
  })
})
