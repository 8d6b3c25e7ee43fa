import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import * as Command from "../../src/command/Command.ts"

const home = join(import.meta.dirname, "../..")
const bin = join(home, "bin/mortise-conformance.js")
const support = join(import.meta.dirname, "support")

/** The command in this process, its workers in theirs. */
const judged = async (file: string, ...flags: ReadonlyArray<string>) => {
  const out: Array<string> = []
  const err: Array<string> = []
  const code = await Command.run({
    script: bin,
    args: [join(support, file), ...flags],
    help: "",
    version: "",
    positionals: 1,
    load: async () => [],
    command: (_, [path]) => `npx mortise-conformance ${path}`,
    workers: { execArgs: [], patienceMillis: 8_000 },
    stdout: (text) => void out.push(text),
    screen: { isTerminal: false, columns: 80, write: (text) => void err.push(text) },
  })
  return { code, out: out.join(""), err: err.join("") }
}

const READ_ONLY = ["--jobs", "1", "--rule", "I/again,O/read-only,I/adopt"]

describe("an adapter that takes its process down", () => {
  it("has failed the rule that it was at, and is judged by the next one", async () => {
    const { code, out } = await judged("exits.ts", ...READ_ONLY)
    expect(out).toMatch(/failed {2}O\/read-only .*\n +it broke off: it ended its process, with exit code 3\n/)
    expect(out).toMatch(/\n2 passed, 1 failed, 0 vacuous\n$/)
    expect(code).toBe(1)
  })

  it("is stopped when it loops, and is judged by the next rule", async () => {
    const { out } = await judged("loops.ts", ...READ_ONLY)
    expect(out).toMatch(/failed {2}O\/read-only .*\n +it broke off: it kept its process busy without an end for 8 s/)
    expect(out).toMatch(/\n2 passed, 1 failed, 0 vacuous\n$/)
  })

  it("has failed what was asked next, when it dies while nothing is asked of it", async () => {
    const { code, out } = await judged("idles.ts", "--jobs", "2", "--rule", "I/again,I/adopt")
    expect(out).toContain("it ended its process, with exit code 3")
    expect(out).toMatch(/\n\d passed, [12] failed, 0 vacuous\n$/)
    expect(code).toBe(1)
  })

  it("keeps what was found when it cannot be loaded again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "once-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    vi.stubEnv("CONFORMANCE_TEST_LOCK", join(folder, "lock"))
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, out } = await judged("once.ts", "--jobs", "1", "--rule", "I/again,O/read-only,R/each-once")
    expect(out).toMatch(/failed {2}O\/read-only .*\n +it broke off: it ended its process, with exit code 7\n/)
    expect(out).toMatch(/it broke off: no process could be started for it any more: .*locked by another process/)
    expect(out).toMatch(/\n1 passed, 2 failed, 0 vacuous\n$/)
    expect(code).toBe(1)
  })

  it("is told that it keeps something between its openings, when a rule fails after others and passes alone", async () => {
    const { out } = await judged("shares.ts", "--jobs", "1", "--rule", "I/again,I/adopt,I/input-order")
    expect(out).toContain("it broke off: the adapter's factory threw: the pool is empty")
    expect(out).toContain("alone in a process of its own it passes: the adapter keeps something from one opening to")
  })

  it("is not tried any more when it loops three times in a row", async () => {
    const { out } = await judged("alwaysLoops.ts", "--jobs", "1", "--rule", "I/again,I/adopt,R/each-once,E/not-found")
    expect(out).toMatch(/it was not tried any more, after 3 that ended alike: it kept its process busy without an end/)
    expect(out).toMatch(/\n0 passed, 4 failed, 0 vacuous\n$/)
  })

  it("has failed where it left a rejected promise or threw in a callback, in its own words", async () => {
    const { out } = await judged("strays.ts", "--jobs", "1", "--rule", "I/again,I/adopt,O/read-only")
    expect(out).toMatch(/\n +the adapter left a promise that nobody waits for, and it was rejected: no audit log\n/)
    expect(out).toMatch(/\n +the adapter threw where nobody catches it: no metrics\n/)
    expect(out).toMatch(/\n2 passed, 1 failed, 0 vacuous\n$/)
  })

  it("is told so by a sweep too", async () => {
    const { out } = await judged("shares.ts", "--jobs", "1", "--scenario", "create", "--seeds", "0")
    expect(out).toMatch(
      /the pool is empty.*\n +with modules that are loaded anew at every start it passes: the adapter/,
    )
  })

  it("has nothing left in its modules when it is started again after a crash", async () => {
    const { out } = await judged("remembers.ts", "--jobs", "1", "--scenario", "relay-page", "--seeds", "0")
    expect(out).toMatch(/1:cut-after-request\n +too many: customers/)
    expect(out).toMatch(/\n0 passed, 1 failed, 0 vacuous\n$/)
  })
})

describe("npx mortise-conformance", () => {
  const run = (...args: ReadonlyArray<string>) =>
    new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
      execFile(process.execPath, [bin, ...args], { cwd: home }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      )
    })

  it("tells a stranger how it is called", async () => {
    const { code, stdout } = await run("--help")
    expect(code).toBe(0)
    for (const part of ["npx mortise-conformance ./my-adapter.ts", "default export", "--schedule", "Exit code 0"]) {
      expect(stdout).toContain(part)
    }
  })

  it("says what is missing when it is called without a file", async () => {
    const { code, stderr } = await run()
    expect([code, stderr]).toEqual([
      2,
      "conformance: The command takes one argument, the file of the adapter.\n  --help tells how it is called.\n",
    ])
  })

  it("says what is wrong with a file", async () => {
    const { code, stderr } = await run("package.json")
    expect(code).toBe(2)
    expect(stderr).toMatch(/^conformance: .*package\.json cannot be loaded: TypeError: /)
  })

  it("says before the run what it cannot read or write", async () => {
    const part = ["examples/ledgerette/subject.ts", "--rule", "I/again"]
    for (const [flags, told] of [
      [["--pins", "nosuch.json"], /^conformance: There is no file .*nosuch\.json\./],
      [["--pin"], /^conformance: --pin does not say where to\./],
      [["--out", "package.json"], /^conformance: .*package\.json cannot be written: EEXIST/],
      [["--json", "src"], /^conformance: .*src cannot be written: EISDIR/],
    ] as const) {
      const { code, stderr } = await run(...part, ...flags)
      expect([code, stderr]).toEqual([2, expect.stringMatching(told)])
    }
  })

  it("has proven nothing by a schedule that meets nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "my adapters' "))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, "subject.ts")
    await writeFile(file, `export { subject } from ${JSON.stringify(join(home, "examples/ledgerette/subject.ts"))}\n`)
    const { code, stdout } = await run(file, "--scenario", "create", "--schedule", "999:lostReply")
    expect(stdout).toMatch(/vacuous create sweep: .*\n +nothing was done to it, so nothing is proven: the run was over/)
    expect(stdout).toContain(`npx mortise-conformance '${file.replace("'", "'\\''")}' --scenario create`)
    expect(stdout).toMatch(/\n0 passed, 0 failed, 1 vacuous\n$/)
    expect(code).toBe(1)
  })

  it("runs a rule again as it was run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pins-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    const pins = join(folder, "pins.json")
    await writeFile(pins, '{ "ledgerette": { "I/again": 1 } }')
    const { stdout } = await run("examples/ledgerette/subject.ts", "--rule", "I/again", "--intercepted", "--pins", pins)
    expect(stdout).toContain(`subject.ts --intercepted --pins ${pins} --rule I/again\n`)
  })

  it("judges an adapter, writes its reports and its pins, and then holds it to them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "conformance-"))
    onTestFinished(() => rm(folder, { recursive: true }))
    const [json, pins] = [join(folder, "counts.json"), join(folder, "pins.json")]
    const part = ["examples/ledgerette/subject.ts", "--rule", "I/again", "--scenario", "create", "--seeds", "2"]
    const first = await run(...part, "--json", json, "--out", folder, "--pins", pins, "--pin")
    expect(first.stdout).toMatch(/\n2 passed, 0 failed, 0 vacuous\n$/)
    expect(first.code).toBe(0)
    const { ledgerette } = JSON.parse(await readFile(json, "utf8")).connectors
    expect(ledgerette).toMatchObject({
      profile: "partial",
      passed: 2,
      failed: 0,
      vacuous: 0,
      skipped: 0,
      rules: 1,
      seeds: 2,
    })
    expect(ledgerette.cutPoints).toBeGreaterThan(50)
    for (const name of ["ledgerette.html", "ledgerette.json", "ledgerette.junit.xml"]) {
      expect((await readFile(join(folder, name), "utf8")).length).toBeGreaterThan(500)
    }
    const pinned = JSON.parse(await readFile(pins, "utf8"))
    expect(pinned).toEqual({ ledgerette: { "I/again": 5 } })
    const other = await run("examples/ledgerette/subject.ts", "--rule", "I/adopt", "--pins", pins)
    expect(other.stdout).toContain("2 assertions were made, pinned are none")
    expect(other.code).toBe(1)
  })
})
