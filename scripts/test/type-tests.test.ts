import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import * as TypeTests from "../src/TypeTests.ts"

const root = join(import.meta.dirname, "../..")

const typeTests = async (): Promise<ReadonlyArray<string>> => {
  const packages = (await readdir(join(root, "packages"))).map((name) => join(root, "packages", name))
  const found: Array<string> = []
  for (const folder of [...packages, join(root, "conformance")]) {
    const types = join(folder, "test/types")
    for (const file of await readdir(types).catch(() => [])) found.push(join(types, file))
  }
  return found.sort()
}

const files = await typeTests()
const verdicts = new Map((await TypeTests.run(root, files)).map((verdict) => [verdict.file, verdict]))

describe("what must not compile does not, for the reason that is written beside it", () => {
  it.each(files.map((file) => file.slice(root.length + 1)))("%s", (file) => {
    const verdict = verdicts.get(join(root, file))
    expect(verdict?.faults).toEqual([])
    expect(verdict?.expected).toBeGreaterThan(0)
  })
})

describe("the runner of type tests", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-types-"))
  afterAll(() => rm(folder, { recursive: true }))

  const judge = async (text: string) => {
    const file = join(folder, `case-${text.length}.mts`)
    await writeFile(file, text)
    return (await TypeTests.run(root, [file]))[0]?.faults
  }

  it("is content when the announced message comes", async () => {
    expect(
      await judge(`// @ts-expect-error is not assignable to type 'number'\nexport const a: number = "text"\n`),
    ).toEqual([])
  })

  it("tells when the line compiles, says something else, or another line fails", async () => {
    expect(await judge("// @ts-expect-error anything\nexport const a: number = 1\n")).toHaveLength(1)
    expect(await judge(`// @ts-expect-error something else\nexport const b: number = "text"\n`)).toHaveLength(1)
    expect(await judge(`export const c: number = "text is not a number"\n`)).toHaveLength(1)
    expect(await judge(`// @ts-expect-error\nexport const dd: number = "text"\n`)).toHaveLength(1)
  })
})
