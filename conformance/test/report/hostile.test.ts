import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { SaxesParser } from "saxes"
import { describe, expect, it } from "vitest"
import * as Html from "../../src/report/Html.ts"
import * as Json from "../../src/report/Json.ts"
import * as JUnit from "../../src/report/JUnit.ts"
import * as Terminal from "../../src/report/Terminal.ts"
import { result, SECRET } from "./hostile.ts"

const SPOILS = ["s3cr3t", "another-refresh-token", "abcdefghijkl", SECRET, encodeURIComponent(SECRET)]

const noSecretIn = (text: string) => {
  for (const part of SPOILS) expect(text).not.toContain(part)
}

describe("a report of hostile content", () => {
  const html = Html.text(result, {
    matrix: [{ name: "</td><script>x</script>", connector: "bad", caughtBy: ["I/again"], killedBy: [] }],
  })

  it("is a page without a script, a handler, an image or anything to be fetched", () => {
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)]
    const allowed =
      "html head meta link title style body main div span p h1 h2 h3 h4 b code pre small ul li nav a details summary table thead tbody tr th td footer"
    expect(
      [...new Set(tags.map(([, name = ""]) => name))].filter((name) => !allowed.split(" ").includes(name)),
    ).toEqual([])
    expect(tags.filter(([, , attributes = ""]) => /\son\w+=|javascript:|\ssrc=/i.test(attributes))).toEqual([])
    const attributes = tags.map(([, , text = ""]) => text).join(" ")
    const leads = [...attributes.matchAll(/(?:href|src|action|srcset|data)="([^"]*)"/g)].map(([, to = ""]) => to)
    expect(leads.filter((to) => !to.startsWith("#"))).toEqual(["data:,"])
    expect(html.slice(html.indexOf("<style>"), html.indexOf("</style>"))).not.toMatch(/url\(|@import/)
  })

  it("is a page whose elements are closed in order", () => {
    const open: Array<string> = []
    for (const [, slash, name = ""] of html.slice(html.indexOf("<html")).matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (["meta", "link"].includes(name)) continue
      if (slash === "") open.push(name)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
  })

  it("leads every link of the page to something", () => {
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, to]) => to)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((to) => !ids.has(to ?? ""))).toEqual([])
  })

  it("shows no secret in any form", () => {
    for (const text of [html, Json.text(result), JUnit.text(result), Terminal.text(result)]) noSecretIn(text)
  })

  it("is well-formed as XML, with the right counts", () => {
    const parser = new SaxesParser()
    const names: Array<string> = []
    let failures = 0
    parser.on("opentag", ({ attributes, name }) => {
      names.push(name)
      if (name === "testsuites") failures = Number(attributes["failures"])
    })
    parser.on("error", (error) => {
      throw error
    })
    parser.write(JUnit.text(result)).close()
    expect(names.filter((name) => name === "testcase")).toHaveLength(5)
    expect(names.filter((name) => name === "failure")).toHaveLength(3)
    expect(failures).toBe(3)
  })

  it("keeps to the published schema, which refuses what is not as described", () => {
    const schema = JSON.parse(readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"))
    const validate = new Ajv2020({ allErrors: true }).compile(schema)
    const report = JSON.parse(Json.text(result))
    validate(report)
    expect(validate.errors).toBeNull()
    const [first, ...others] = report.rules
    const spoilt = [
      { ...report, profile: "most" },
      { ...report, rules: [{ ...first, verdict: "passed" }, ...others] },
      { ...report, rules: [{ ...first, findings: [] }, ...others] },
      { ...report, suite: { version: "1", digest: "none" } },
      { ...report, extra: 1 },
    ]
    expect(spoilt.map((one) => validate(one))).toEqual(spoilt.map(() => false))
  })

  it("moves no cursor of a terminal", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(Terminal.text(result)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it("ends with the numbers", () => {
    expect(Terminal.total([result, result])).toBe("2 passed, 4 failed, 2 vacuous")
  })
})
