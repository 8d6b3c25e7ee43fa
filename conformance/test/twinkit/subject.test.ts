import { describe, expect, it } from "vitest"
import * as Judge from "../../src/kit/Judge.ts"
import { rules } from "../../src/rules/index.ts"
import { type Adapter, ledgerette, subject } from "../command/support/broken.ts"

type Given = Parameters<Adapter>[0]

const judged = (id: string, adapter: (given: Given) => unknown) => {
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined) throw new RangeError(`no rule ${id}`)
  return Judge.judge(rule, subject(adapter))
}

/** Says the natural key in every change, though the record is addressed by its id. */
const sayingIt = (given: Given) => {
  const fetch: typeof given.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method !== "PATCH") return given.fetch(request)
    const body = JSON.stringify({ ...(await request.json()), email: "post@party-1.example" })
    return given.fetch(new Request(request.url, { method: "PATCH", headers: request.headers, body }))
  }
  return ledgerette({ ...given, fetch })
}

describe("the natural key on a declared twin", () => {
  it("is no identity of a record that is addressed by its id", async () => {
    const { findings, verdict } = await judged("O/supplied-only", sayingIt)
    expect([verdict, ...findings]).toEqual(["failed", 'fields beside those supplied: ["email"], expected []'])
  })

  it("is missed by nobody who sends what was supplied", async () => {
    expect((await judged("O/supplied-only", ledgerette)).findings).toEqual([])
  })
})
