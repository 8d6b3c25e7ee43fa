import { mkdir, readdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { CUSTOMER, ORDER, openApi, small, specs, withCustomer } from "./support/descriptions.ts"
import { files, folder } from "./support/folder.ts"
import { inProcess } from "./support/run.ts"

const FILES = ["api.ts", "custom.ts", "description.json", "entities.ts", "mortise.pin.json", "values.ts"]

/** A folder with `description.json` in it, and the command run there. */
const place = async (description: unknown = small()) => {
  const at = await folder()
  await writeFile(join(at, "swagger.json"), JSON.stringify(description))
  const generate = (...args: ReadonlyArray<string>) =>
    inProcess(["generate", "--system", "acumatica", "--from", "swagger.json", "--out", "erp", ...args], { folder: at })
  const rewrite = (next: unknown) => writeFile(join(at, "swagger.json"), JSON.stringify(next))
  return { at, out: join(at, "erp"), generate, rewrite }
}

describe("what is generated", () => {
  for (const [system, from, entities] of [
    ["acumatica", `${specs}/acumatica/Default-24.200.001.yaml`, "Customer,SalesOrder"],
    ["dynamics", `${specs}/dynamics/metadata.xml`, "CustomersV3,SalesOrderHeadersV2"],
    ["netsuite", `${specs}/netsuite/2026.1.yaml`, "customer,salesOrder"],
    ["erpnext", `${specs}/erpnext/v15`, "Customer,Sales Order"],
    ["hubspot", `${specs}/hubspot/2026-09.yaml`, ""],
  ] as const) {
    it(`is the same each time for ${system}`, async () => {
      const at = await folder()
      const run = (out: string) =>
        inProcess(
          [
            "generate",
            "--system",
            system,
            "--from",
            from,
            "--out",
            out,
            ...(entities === "" ? [] : ["--entities", entities]),
          ],
          { folder: at },
        )
      const first = await run("first")
      expect(first, first.err).toMatchObject({ code: 0 })
      expect((await run("second")).code).toBe(0)
      const written = await files(join(at, "first"))
      expect([...written.keys()]).toEqual(FILES)
      expect(await files(join(at, "second"))).toEqual(written)
      const pin = JSON.parse(written.get("mortise.pin.json") ?? "")
      expect(pin).toMatchObject({ system, digest: expect.stringMatching(/^[0-9a-f]{64}$/), files: FILES })
      if (entities !== "") expect(pin.entities.join()).toBe(entities)
    })
  }

  it("is pinned with the endpoint, its contract and the digest", async () => {
    const { generate, out } = await place()
    await generate("--entities", "Customer")
    expect(JSON.parse((await files(out)).get("mortise.pin.json") ?? "")).toMatchObject({
      system: "acumatica",
      format: "openapi",
      from: "swagger.json",
      version: "24.200.001",
      endpointVersion: "Default/24.200.001",
      contractVersion: "4",
      entities: ["Customer"],
    })
  })

  it("holds all entities when none are named", async () => {
    const { generate, out } = await place()
    const { out: told } = await generate()
    expect(told).toBe("6 files for 2 entities of acumatica Default/24.200.001 are in erp\n")
    expect((await files(out)).get("entities.ts")).toContain("SalesOrder")
  })

  it("is told as JSON to a program", async () => {
    const { generate, out } = await place()
    const { out: told } = await generate("--json", "--quiet")
    expect(told).toBe((await files(out)).get("mortise.pin.json"))
  })
})

describe("the folder of the output", () => {
  it("keeps what somebody else put there", async () => {
    const { generate, out } = await place()
    await mkdir(join(out, "notes"), { recursive: true })
    await writeFile(join(out, "README.md"), "mine")
    await writeFile(join(out, "notes/todo.txt"), "mine too")
    expect((await generate()).code).toBe(0)
    const there = await files(out)
    expect(there.get("README.md")).toBe("mine")
    expect(there.get("notes/todo.txt")).toBe("mine too")
    expect([...there.keys()]).toEqual(expect.arrayContaining(FILES))
  })

  it("is left as it is when a file of somebody else has a name of ours", async () => {
    const { generate, out } = await place()
    await mkdir(out)
    await writeFile(join(out, "entities.ts"), "export const mine = 1\n")
    const { code, err } = await generate()
    expect(code).toBe(2)
    expect(err).toContain("entities.ts is there already")
    expect([...(await files(out))]).toEqual([["entities.ts", "export const mine = 1\n"]])
  })

  it("is written over when the files are ours", async () => {
    const { generate, out, rewrite } = await place()
    await generate()
    await rewrite(withCustomer({ UsrRegion: { type: "string" } }))
    expect((await generate()).code).toBe(0)
    expect((await files(out)).get("api.ts")).toContain("UsrRegion")
  })

  it("loses the files that were generated before and are no more", async () => {
    const { generate, out } = await place()
    await generate()
    const pin = JSON.parse((await files(out)).get("mortise.pin.json") ?? "")
    await mkdir(join(out, "old"))
    await writeFile(join(out, "old/clients.ts"), "// Generated by mortise 0.0.1 from swagger.json. Do not edit.\n")
    await writeFile(join(out, "mortise.pin.json"), JSON.stringify({ ...pin, files: [...pin.files, "old/clients.ts"] }))
    await generate()
    expect([...(await files(out)).keys()]).toEqual(FILES)
    expect(await readdir(out)).not.toContain("old")
  })

  it("never loses a file outside of it, whatever the pin says", async () => {
    const { at, generate, out } = await place()
    await generate()
    await writeFile(join(at, "precious.txt"), "mine")
    const pin = JSON.parse((await files(out)).get("mortise.pin.json") ?? "")
    await writeFile(join(out, "mortise.pin.json"), JSON.stringify({ ...pin, files: [...pin.files, "../precious.txt"] }))
    const { code, err } = await generate()
    expect(code).toBe(2)
    expect(err).toContain("no pin of this command")
    expect((await files(at)).get("precious.txt")).toBe("mine")
  })

  it("can be opened by those who may open folders beside it", async () => {
    const { at, generate, out } = await place()
    await mkdir(join(at, "beside"))
    await generate()
    expect((await stat(out)).mode).toBe((await stat(join(at, "beside"))).mode)
  })

  it("is refused when it holds what was generated for another system", async () => {
    const { at, generate, out } = await place()
    await generate()
    const before = await files(out)
    const args = ["generate", "--system", "netsuite", "--from", "swagger.json", "--out", "erp"]
    expect(await inProcess(args, { folder: at })).toMatchObject({
      code: 2,
      err: expect.stringContaining("erp holds what was generated for acumatica."),
    })
    expect(await files(out)).toEqual(before)
  })

  it("is refused when it is a file", async () => {
    const { at, generate } = await place()
    await writeFile(join(at, "erp"), "mine")
    expect(await generate()).toMatchObject({ code: 2, err: expect.stringContaining("is no folder") })
    expect((await files(at)).get("erp")).toBe("mine")
  })

  it("is as it was after a failure, with nothing beside it", async () => {
    const { at, generate, out, rewrite } = await place()
    await generate()
    const before = await files(out)
    await rewrite({ ...small(), paths: "none" })
    expect((await generate()).code).toBe(2)
    expect(await files(out)).toEqual(before)
    expect((await readdir(at)).sort()).toEqual(["erp", "swagger.json"])
  })
})

/** As `small`, with paths that are about no record. */
const withSignIn = (paths: object) => ({ ...small(), paths: { ...small().paths, ...paths } })

describe("a check", () => {
  const changed = async (
    next: unknown,
    { args = [], from = small() }: { readonly args?: ReadonlyArray<string>; readonly from?: unknown } = {},
  ) => {
    const { generate, rewrite, ...rest } = await place(from)
    await generate()
    await rewrite(next)
    return { ...rest, ran: await generate("--check", "--quiet", ...args) }
  }

  it("ends with 0 when nothing has changed", async () => {
    const { ran } = await changed(small())
    expect(ran).toMatchObject({ code: 0, err: "", out: expect.stringContaining("nothing has changed") })
  })

  it("ends with 0 when there is only more", async () => {
    const { ran } = await changed(withCustomer({ UsrRegion: { type: "string" } }))
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("Customer.UsrRegion") })
  })

  it("ends with 1 when something deserves a look", async () => {
    const { ran } = await changed(withCustomer({ Terms: { type: "string", enum: ["30D", "60D", "90D"] } }))
    expect(ran).toMatchObject({ code: 1, out: expect.stringMatching(/warning: 1\n.*90D/) })
  })

  it("ends with 2 when something breaks", async () => {
    const { ran } = await changed(withCustomer({ CustomerName: { type: "integer" } }))
    expect(ran).toMatchObject({ code: 2, out: expect.stringContaining("Customer.CustomerName: retyped") })
  })

  it("tells that an entity is gone, which is no error", async () => {
    const { ran } = await changed(openApi({ SalesOrder: ORDER }))
    expect(ran).toMatchObject({ code: 2, err: "", out: expect.stringContaining("Customer: removed") })
  })

  it("does not mind what was not pinned", async () => {
    const { generate, rewrite } = await place()
    await generate("--entities", "Customer")
    await rewrite(openApi({ Customer: CUSTOMER, Vendor: ORDER }))
    expect(await generate("--check")).toMatchObject({ code: 0, out: expect.stringContaining("nothing has changed") })
  })

  it("of all that there is tells that an entity came", async () => {
    const { ran } = await changed(openApi({ Customer: CUSTOMER, SalesOrder: ORDER, Vendor: ORDER }))
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("Vendor: added: + entity") })
  })

  it("of all that there is covers what belongs to no entity", async () => {
    const ran = await changed(withSignIn({}), { from: withSignIn({ "/auth/login": { post: { responses: {} } } }) })
    expect(ran.ran).toMatchObject({ code: 2, out: expect.stringContaining("POST /auth/login: path: - served") })
  })

  it("of a description without entities has no change when there is none", async () => {
    const paths = { "/auth/login": { post: { responses: {} } } }
    const given = { ...small(), paths, components: { schemas: { Grant: ORDER } } }
    expect((await changed(given, { from: given })).ran).toMatchObject({ code: 0 })
    const more = { ...given, paths: { ...paths, "/auth/logout": { post: { responses: {} } } } }
    expect((await changed(more, { from: given })).ran.out).toMatch(/info: 1\n.*POST \/auth\/logout/)
  })

  it("of some entities of all that are pinned minds these alone", async () => {
    const next = openApi({ Customer: CUSTOMER, SalesOrder: { ...ORDER, properties: {} }, Vendor: ORDER })
    const { ran } = await changed(next, { args: ["--entities", "Customer"] })
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("nothing has changed") })
  })

  it("goes by the entities of a pin that does not say whether it was trimmed", async () => {
    const { generate, out, rewrite } = await place()
    await generate("--entities", "Customer")
    const { trimmed, ...pin } = JSON.parse((await files(out)).get("mortise.pin.json") ?? "")
    expect(trimmed).toBe(true)
    await writeFile(join(out, "mortise.pin.json"), JSON.stringify(pin))
    await rewrite(openApi({ Customer: CUSTOMER, Vendor: ORDER }))
    expect(await generate("--check")).toMatchObject({ code: 0, out: expect.stringContaining("nothing has changed") })
  })

  it("is told as JSON to a program", async () => {
    const { ran } = await changed(withCustomer({ CustomerName: { type: "integer" } }), { args: ["--json"] })
    expect(JSON.parse(ran.out)).toMatchObject({
      counts: { breaking: 1, warning: 0, info: 0 },
      changes: [{ grade: "breaking", kind: "retyped", subject: "Customer", field: "CustomerName" }],
    })
  })

  it("writes nothing", async () => {
    const { generate, out, rewrite } = await place()
    await generate()
    const before = await files(out)
    await rewrite(withCustomer({ UsrRegion: { type: "string" } }))
    await generate("--check")
    expect(await files(out)).toEqual(before)
  })

  it("says what is missing when nothing was pinned", async () => {
    const { generate } = await place()
    expect(await generate("--check")).toMatchObject({ code: 2, err: expect.stringContaining("Generate once") })
  })

  it("does not compare with the pin of another system", async () => {
    const { at, generate } = await place()
    await generate()
    const args = ["generate", "--check", "--system", "netsuite", "--from", "swagger.json", "--out", "erp"]
    expect(await inProcess(args, { folder: at })).toMatchObject({
      code: 2,
      err: expect.stringContaining("pins acumatica"),
    })
  })

  it("names the pinned entities when another one is asked about", async () => {
    const { ran } = await changed(small(), { args: ["--entities", "Vendor"] })
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("Pinned are Customer, SalesOrder.") })
  })
})

describe("progress", () => {
  it("is told in plain lines", async () => {
    const { generate } = await place()
    expect((await generate()).err).toBe("Reading swagger.json\nWriting types of 2 entities\n")
  })

  it("is one line on a terminal, and gone at the end", async () => {
    const { at } = await place()
    const args = ["generate", "--system", "acumatica", "--from", "swagger.json", "--out", "erp"]
    const { err } = await inProcess(args, { folder: at, terminal: true })
    expect(err).not.toContain("\n")
    expect(err).toContain("\r\u001b[2KReading swagger.json")
    expect(err.endsWith("\r\u001b[2K")).toBe(true)
  })

  it("is not told when nobody wants it", async () => {
    const { generate } = await place()
    expect((await generate("--quiet")).err).toBe("")
  })
})
