import { describe, expect, it } from "vitest"
import * as Judge from "../../src/kit/Judge.ts"
import * as Redirects from "../../src/kit/Redirects.ts"
import type { Subject } from "../../src/kit/Subject.ts"
import { rules } from "../../src/rules/index.ts"
import { type Adapter, ledgerette, subject } from "../command/support/broken.ts"

type Given = Parameters<Adapter>[0]

const ruleOf = (id: string) => {
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined) throw new RangeError(`no rule ${id}`)
  return rule
}

/** The adapter of the tutorial, whose requests say something else of redirects. */
const saying = (redirect: RequestRedirect) => (given: Given) =>
  ledgerette({ ...given, fetch: (input, init) => given.fetch(new Request(input, { ...init, redirect })) })

const reader = (of: Subject): Subject => ({
  ...of,
  profile: "reader",
  absent: { ...of.absent, writes: "it only reads", adoption: "it only reads" },
})

const judged = (of: Subject) => Judge.judge(ruleOf("S/foreign-redirect"), of)

describe("a connector that has its fetch follow redirects", () => {
  it("is turned down, for what it reads and for what it writes", async () => {
    const { findings, verdict } = await judged(subject(saying("follow")))
    expect(verdict).toBe("failed")
    for (const what of ["changes", "write"]) expect(findings.join()).toContain(`https://elsewhere.example/${what}`)
  })

  it("is turned down when it only reads", async () => {
    const { findings, verdict } = await judged(reader(subject(saying("follow"))))
    expect([verdict, findings.length]).toEqual(["failed", 1])
  })

  it("is let through when it looks at them itself, or takes them for errors", async () => {
    for (const adapter of [ledgerette, saying("manual"), saying("error")]) {
      expect((await judged(subject(adapter))).findings).toEqual([])
      expect((await judged(reader(subject(adapter)))).verdict).toBe("passed")
    }
  })
})

describe("a reader's secrets", () => {
  it("are looked for although it writes nothing", async () => {
    const { assertions, verdict } = await Judge.judge(ruleOf("S/secrets-nowhere"), reader(subject(ledgerette)))
    expect([verdict, assertions]).toEqual(["passed", 6])
  })
})

describe("following a redirect", () => {
  const followed = async (status: number, init: RequestInit, to = "https://b.example/there") => {
    const seen: Array<Request> = []
    const fetch = Redirects.following(async (input) => {
      seen.push(input as Request)
      return seen.length === 1 ? new Response(null, { status, headers: { location: to } }) : new Response("there")
    })
    await fetch("https://a.example/here", init)
    const [, second] = seen
    return second === undefined
      ? undefined
      : [second.method, second.url, await second.text(), [...second.headers.keys()]]
  }
  const headers = { authorization: "Bearer made-up", "x-app-key": "made-up" }

  it("carries on what fetch carries on to another origin", async () => {
    expect(await followed(302, { headers })).toEqual(["GET", "https://b.example/there", "", ["x-app-key"]])
    const body = { method: "PATCH", headers: { ...headers, "content-type": "a/b" }, body: "{}" }
    const sent = ["PATCH", "https://b.example/there", "{}", ["content-type", "x-app-key"]]
    expect(await followed(302, body)).toEqual(sent)
    expect(await followed(307, { ...body, method: "POST" })).toEqual(["POST", ...sent.slice(1)])
    expect(await followed(302, { ...body, method: "POST" })).toEqual([
      "GET",
      "https://b.example/there",
      "",
      ["x-app-key"],
    ])
  })

  it("keeps everything for the origin that it came from", async () => {
    expect(await followed(308, { headers }, "/there")).toEqual([
      "GET",
      "https://a.example/there",
      "",
      ["authorization", "x-app-key"],
    ])
  })

  it("goes nowhere when it is told not to, and not for ever", async () => {
    expect(await followed(302, { redirect: "manual" })).toBeUndefined()
    const round = Redirects.following(async () => new Response(null, { status: 302, headers: { location: "/" } }))
    await expect(round("https://a.example")).rejects.toThrow("fetch failed")
  })
})
