import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Suite from "@mortise/conformance/kit/Suite"
import * as Html from "@mortise/conformance/report/Html"
import * as Json from "@mortise/conformance/report/Json"
import { rules } from "@mortise/conformance/rules/index"
import { scenarios } from "@mortise/conformance/scenarios/index"
import { Ajv2020 } from "ajv/dist/2020.js"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { subject } from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { chromium, isRequired, measured, screenshot } from "./support/browser.ts"

const CHOSEN = ["I/again", "I/lost-reply", "R/cap", "A/refresh", "S/sealed-store", "O/stale-revision"]

const result = await Suite.run(subject, {
  rules: rules.filter(({ id }) => CHOSEN.includes(id)),
  scenarios: scenarios.filter(({ id }) => id === "refresh"),
  seeds: [1, 2],
})

const html = Html.text(result, {
  matrix: [
    { name: "sends a create again", connector: "hubspot", caughtBy: ["I/lost-reply"], killedBy: ["I/lost-reply"] },
  ],
})

describe("the report of a real run", () => {
  it("keeps to the published schema", async () => {
    const path = new URL(import.meta.resolve("@mortise/conformance/schema/report.schema.json"))
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(await readFile(path, "utf8")))
    validate(JSON.parse(Json.text(result)))
    expect(validate.errors).toBeNull()
    expect(result.rules.length).toBeGreaterThan(3)
  })

  it("has evidence of rules that passed, and only so much of it", () => {
    const [cap] = result.rules.filter(({ id }) => id === "R/cap")
    expect(cap?.verdict).toBe("passed")
    expect(cap?.transcript.exchanges).toHaveLength(9)
    expect(cap?.transcript.omitted).toBeGreaterThan(20)
    const longest = result.rules.flatMap(({ transcript }) =>
      transcript.exchanges.map(({ response = "" }) => response.length),
    )
    expect(Math.max(...longest)).toBeLessThan(650)
  })

  it("names no token of the run", () => {
    expect(html).toContain("&#60;redacted&#62;")
    expect(html).not.toMatch(/conformance-client-secret|pat-[a-z]{2}\d-[0-9a-f]/)
  })
})

describe("the page in a browser", () => {
  let folder = ""
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const saved = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, text)
    return file
  }

  if (chromium === undefined && !isRequired) {
    console.warn(
      "SKIPPED: the report was looked at by no browser; there is no Chromium here (apt-get install chromium)",
    )
  }
  const inBrowser = it.skipIf(chromium === undefined && !isRequired)

  inBrowser("renders, in light and in dark, and its console stays silent", async () => {
    const file = await saved("report.html", html)
    for (const dark of [false, true]) {
      const { console: said, png } = await screenshot(file, { dark })
      expect(said).toEqual([])
      expect(measured(png)).toMatchObject({ width: 1200, height: 1600 })
      expect(measured(png).bytes).toBeGreaterThan(60)
    }
  })

  inBrowser("would be heard to complain, and seen to be empty", async () => {
    const astray = html.replace("</body>", '<script>1</script><img src="https://elsewhere.example/x.png"></body>')
    expect((await screenshot(await saved("astray.html", astray))).console.join()).toMatch(/Content Security Policy/)
    const empty = await screenshot(await saved("empty.html", "<!doctype html><title>nothing</title>"))
    expect(measured(empty.png).bytes).toBeLessThan(20)
  })
})
