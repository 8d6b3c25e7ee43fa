import { describe, expect, it } from "vitest"
import * as Boundaries from "../src/Boundaries.ts"
import * as ModuleState from "../src/ModuleState.ts"
import { parse } from "../src/SourceFile.ts"

const arrows = (path: string, text: string) => Boundaries.check([parse(path, text)]).map(({ message }) => message)
const state = (text: string) => ModuleState.check([parse("packages/hubspot/src/A.ts", text)]).length

describe("the arrows between packages", () => {
  it.each([
    ["packages/hubspot/src/A.ts", 'import * as X from "@mortise/acumatica/X"'],
    ["packages/hubspot/src/A.ts", 'export { X } from "@mortise/conformance/X"'],
    ["packages/hubspot/src/A.ts", 'const x = await import("@mortise/sqlite")'],
    ["packages/hubspot/src/A.ts", 'type X = import("@mortise/acumatica").X'],
    ["packages/core/src/A.ts", 'import "@mortise/hubspot"'],
    ["packages/core/src/A.ts", 'import { x } from "../../hubspot/src/B.ts"'],
    ["packages/core/src/A.ts", 'import { Effect } from "effect"'],
    ["packages/core/src/A.ts", 'import { TestClock } from "effect/testing"'],
    ["conformance/src/A.ts", 'import "@mortise/hubspot"'],
  ])("refuses in %s: %s", (path, text) => {
    expect(arrows(path, text)).toHaveLength(1)
  })

  it.each([
    ["packages/hubspot/src/A.ts", 'import * as X from "@mortise/core/X"; import * as E from "effect/Effect"'],
    ["packages/hubspot/src/ports/A.ts", 'import { x } from "../B.ts"'],
    ["packages/hubspot/test/A.ts", 'import * as X from "@mortise/conformance/X"'],
    [
      "packages/proof/src/A.ts",
      'import "@mortise/hubspot"; import "@mortise/acumatica"; import "@mortise/conformance"',
    ],
  ])("takes in %s: %s", (path, text) => {
    expect(arrows(path, text)).toEqual([])
  })
})

describe("module-level state", () => {
  it.each([
    "let n = 0",
    "var n = 0",
    "const m = new Map()",
    "const w = new WeakMap([[{}, 1]])",
    "const a = [1]; a.push(2)",
    "const o = {}; o.x = 1",
  ])("is refused: %s", (text) => {
    expect(state(text)).toBe(1)
  })

  it.each([
    'const s = new Set(["a"])',
    "const a = [1, 2]",
    "const f = () => { let n = 0; const m = new Map(); return [n, m] }",
  ])("is not seen in: %s", (text) => {
    expect(state(text)).toBe(0)
  })
})
