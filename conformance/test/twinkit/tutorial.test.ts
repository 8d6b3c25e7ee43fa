import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it, onTestFinished } from "vitest"
import * as Judge from "../../src/kit/Judge.ts"
import type { Subject } from "../../src/kit/Subject.ts"
import { rules } from "../../src/rules/index.ts"

const root = join(import.meta.dirname, "../../..")
const example = join(root, "conformance/examples/ledgerette")
const tutorial = await readFile(join(root, "docs/conformance/your-own-adapter.md"), "utf8")
const FILES = ["twin.ts", "adapter.ts", "subject.ts", "prove.ts"]

const blocks = (language: string) =>
  [...tutorial.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((found) => found[1])

/** The example in a folder of its own, as somebody would have it who follows the page. */
const copied = async (change: (adapter: string) => string = (adapter) => adapter): Promise<string> => {
  const at = await mkdtemp(join(tmpdir(), "ledgerette-"))
  onTestFinished(() => rm(at, { recursive: true }))
  await symlink(join(root, "node_modules"), join(at, "node_modules"))
  await writeFile(join(at, "package.json"), '{ "type": "module" }')
  for (const file of FILES) {
    const text = await readFile(join(example, file), "utf8")
    await writeFile(join(at, file), file === "adapter.ts" ? change(text) : text)
  }
  return at
}

const subjectOf = async (change?: (adapter: string) => string): Promise<Subject> => {
  const { subject } = (await import(join(await copied(change), "subject.ts"))) as { readonly subject: Subject }
  return subject
}

const ruleOf = (id: string) => {
  const rule = rules.find((each) => each.id === id)
  if (rule === undefined) throw new RangeError(`there is no rule ${id}`)
  return rule
}

describe("the tutorial on an adapter of one's own", () => {
  it("shows the files of the example as they are", async () => {
    const files = await Promise.all(FILES.map((file) => readFile(join(example, file), "utf8")))
    expect(blocks("ts")).toEqual(files)
  })

  it("ends in an adapter that passes every rule and every sweep", async () => {
    const command = blocks("sh")
      .find((each) => each?.startsWith("node "))
      ?.trim()
    expect(command).toBe("node prove.ts")
    const args = ["--conditions=@mortise/source", "prove.ts"]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: await copied() })
    expect(stdout).toMatch(/^ledgerette full \{\s+passed: \d+,\s+failed: 0,\s+vacuous: 0,/)
  })

  /** The line that goes and the line that comes, of each mistake on the page, with the rule that the page names. */
  const mistakes = [...tutorial.matchAll(/```diff\n-(.*)\n\+(.*)\n```\n\n`([A-Z]\/[a-z-]+)`/g)]

  it("shows three mistakes", () => {
    expect(mistakes.map(([, , , rule]) => rule)).toEqual(["I/lost-reply", "R/late-commit", "O/supplied-only"])
  })

  it.each(mistakes.map(([, gone = "", come = "", rule = ""]) => ({ rule, gone, come })))(
    "shows one that $rule catches, and only because of it",
    async ({ come, gone, rule }) => {
      const mistaken = await subjectOf((adapter) => {
        expect(adapter.split(`\n${gone}\n`)).toHaveLength(2)
        return adapter.replace(`\n${gone}\n`, () => `\n${come}\n`)
      })
      const [right, wrong] = [
        await Judge.judge(ruleOf(rule), await subjectOf()),
        await Judge.judge(ruleOf(rule), mistaken),
      ]
      expect([right.verdict, wrong.verdict], wrong.findings.join("; ")).toEqual(["passed", "failed"])
    },
  )

  it("names a fault of a declaration as it is told", async () => {
    const { BadDeclaration, make } = await import("../../src/TwinKit.ts")
    const { declaration } = await import("../../examples/ledgerette/twin.ts")
    const bad = { ...declaration, paging: { ...declaration.paging, default: 100 } }
    expect(() => make(bad, { clock: { now: () => 0, sleep: async () => {} } })).toThrow(BadDeclaration)
    const said = /BadDeclaration: (.*)/.exec(tutorial)?.[1]
    expect(said).toBeDefined()
    expect(() => make(bad, { clock: { now: () => 0, sleep: async () => {} } })).toThrow(said)
  })
})
