import { readdir, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import { describe, expect, it, onTestFinished } from "vitest"
import { small, withCustomer } from "./support/descriptions.ts"
import { files, folder } from "./support/folder.ts"
import { asProgram } from "./support/run.ts"
import { json, serve } from "./support/server.ts"

const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: async () => {} }

const generate = ["generate", "--system", "acumatica", "--from", "swagger.json", "--out", "erp"]

describe("the program", () => {
  it("tells a stranger how it is called", async () => {
    const { code, err, out } = await asProgram(["generate", "--help"], { folder: await folder() })
    expect({ code, err }).toEqual({ code: 0, err: "" })
    for (const word of [
      "--system",
      "--from",
      "--entities",
      "--out",
      "--check",
      "--json",
      "HUBSPOT_TOKEN",
      "Exit code 0",
    ]) {
      expect(out).toContain(word)
    }
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(220)
  })

  it("tells its version", async () => {
    expect((await asProgram(["--version"], { folder: await folder() })).out).toMatch(/^mortise \d+\.\d+\.\d+\n$/)
  })

  it("ends with 2 and a hint when it is called in a way that it does not know", async () => {
    const { code, err, out } = await asProgram(["generate", "--sytem", "acumatica"], { folder: await folder() })
    expect({ code, out }).toEqual({ code: 2, out: "" })
    expect(err).toContain("--system")
    expect(err).toContain("mortise generate --help")
  })

  it("ends with 0, 1 or 2 by what has changed", async () => {
    const at = await folder()
    const run = async (description: unknown, ...args: ReadonlyArray<string>) => {
      await writeFile(join(at, "swagger.json"), JSON.stringify(description))
      return (await asProgram([...generate, ...args], { folder: at })).code
    }
    expect(await run(small())).toBe(0)
    expect(await run(small(), "--check")).toBe(0)
    expect(await run(withCustomer({ Terms: { type: "string", enum: ["30D", "60D", "90D"] } }), "--check")).toBe(1)
    expect(await run(withCustomer({ CustomerName: { type: "integer" } }), "--check")).toBe(2)
  })

  it("refuses a token on its command line, and does not repeat it", async () => {
    const { code, err, out } = await asProgram([...generate, "--token", "s3cret-s3cret"], { folder: await folder() })
    expect({ code, out }).toEqual({ code: 2, out: "" })
    expect(err).not.toContain("s3cret")
    expect(err).toContain("environment")
  })
})

describe("the program, asking an Acumatica instance", () => {
  const { name, password } = AcumaticaTwin.CREDENTIALS
  const serveTwin = async () => {
    const twin = AcumaticaTwin.make({ clock })
    const served = await twin.serve()
    onTestFinished(served.close)
    const from = `${served.url}${AcumaticaTwin.INSTANCE_PATH}/entity/Default/24.200.001`
    return { twin, from }
  }
  const args = (from: string) => [
    "generate",
    "--system",
    "acumatica",
    "--from",
    from,
    "--out",
    "erp",
    "--entities",
    "Customer",
  ]

  it("signs in with what the environment holds, and out again; its password is nowhere", async () => {
    const { from, twin } = await serveTwin()
    const at = await folder()
    const environment = { ACUMATICA_USER: name, ACUMATICA_PASSWORD: password, ACUMATICA_TENANT: AcumaticaTwin.TENANT }
    const ran = await asProgram(args(from), { folder: at, environment })
    expect(ran, ran.err).toMatchObject({ code: 0 })
    const written = await files(at)
    expect(JSON.parse(written.get("erp/mortise.pin.json") ?? "")).toMatchObject({
      from: expect.stringMatching(/^http:.*\/entity\/Default\/24\.200\.001$/),
      endpointVersion: "Default/24.200.001",
      build: "25.201.0213",
      entities: ["Customer"],
    })
    expect(twin.world.state.sessions.size).toBe(0)
    expect([ran.out, ran.err, ...written.values()].join()).not.toContain(password)
    expect(await asProgram([...args(from), "--check"], { folder: at, environment })).toMatchObject({ code: 0 })
  })

  it("signs in with what the configuration file holds", async () => {
    const { from } = await serveTwin()
    const at = await folder()
    const settings = { ACUMATICA_USER: name, ACUMATICA_PASSWORD: password, ACUMATICA_TENANT: AcumaticaTwin.TENANT }
    await writeFile(join(at, "mortise.config.json"), JSON.stringify(settings), { mode: 0o600 })
    expect(await asProgram(args(from), { folder: at })).toMatchObject({ code: 0 })
  })

  it("names the credentials to set when it has none", async () => {
    const { from } = await serveTwin()
    const at = await folder()
    const { code, err } = await asProgram(args(from), { folder: at })
    expect(code).toBe(2)
    expect(err).toContain("ACUMATICA_USER and ACUMATICA_PASSWORD")
    expect(await readdir(at)).toEqual([])
  })

  it("gives its seat back and leaves nothing when it is stopped", async () => {
    let stop = () => {}
    const server = await serve({
      "POST /entity/auth/login": (_, response) => {
        response.writeHead(204, { "set-cookie": "ASP.NET_SessionId=1; path=/" })
        response.end()
      },
      "POST /entity/auth/logout": json({}),
      "/entity": json([]),
      // Never answers: this is where the program is stopped.
      "/entity/Default/24.200.001/swagger.json": () => stop(),
    })
    onTestFinished(server.close)
    const at = await folder()
    const { code } = await asProgram(args(`${server.url}/entity/Default/24.200.001`), {
      folder: at,
      environment: { ACUMATICA_USER: name, ACUMATICA_PASSWORD: password, TMPDIR: at },
      afterStart: (pid) => {
        stop = () => process.kill(pid, "SIGTERM")
      },
    })
    expect(code).toBe(143)
    expect(server.asked.at(-1)).toMatchObject({
      method: "POST",
      url: "/entity/auth/logout",
      headers: { cookie: "ASP.NET_SessionId=1", "content-length": "0" },
    })
    expect(await readdir(at)).toEqual([])
    expect(tmpdir()).not.toBe(at)
  })
})

describe("the program, asking a HubSpot portal", () => {
  it("types the properties that only this portal has", async () => {
    const twin = HubSpotTwin.make({ clock })
    const served = await twin.serve()
    onTestFinished(served.close)
    const at = await folder()
    const environment = { HUBSPOT_TOKEN: HubSpotTwin.TOKEN }
    const body = {
      name: "region_code",
      label: "Region",
      type: "enumeration",
      fieldType: "select",
      groupName: "companyinformation",
    }
    const options = [{ label: "North", value: "north", displayOrder: 0, hidden: false }]
    const made = await fetch(`${served.url}/crm/properties/2026-09/companies`, {
      method: "POST",
      headers: { authorization: `Bearer ${HubSpotTwin.TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ ...body, options }),
    })
    expect(made.status).toBe(201)
    const args = ["generate", "--system", "hubspot", "--from", served.url, "--entities", "companies", "--out", "crm"]
    const ran = await asProgram(args, { folder: at, environment })
    expect(ran, ran.err).toMatchObject({ code: 0 })
    const written = await files(join(at, "crm"))
    expect(written.get("custom.ts")).toMatch(/region_code: "north"/)
    expect([...written.values()].join()).not.toContain(HubSpotTwin.TOKEN)
  })
})
