import { describe, expect, it } from "vitest"
import * as License from "../../src/acumatica/License.ts"
import { ask, cookieOf, login, make, START } from "./Client.ts"

type Options = Parameters<typeof make>[0]

/** Each request has a session of its own, so that only the license makes it wait. */
const burst = async (count: number, options: Options, pause = 0) => {
  const made = make({ ...options, license: { seats: 1000, ...options?.license } })
  const cookies: Array<string> = []
  for (let i = 0; i < count; i++) cookies.push(cookieOf(await login(made.twin)))
  const ends: Array<{ readonly status: number; readonly after: number }> = []
  const send = async (cookie: string) => {
    const answer = await ask(made.twin, "/entity/Default/24.200.001/Customer", { headers: { cookie } })
    ends.push({ status: answer.status, after: made.clock.now() - START })
    return answer
  }
  const sent: Array<ReturnType<typeof send>> = []
  for (const cookie of cookies) {
    sent.push(send(cookie))
    if (pause > 0) await made.clock.advance(pause)
  }
  await made.clock.advance("20 minutes")
  return { ...made, ends, answers: await Promise.all(sent) }
}

const count = (ends: ReadonlyArray<{ readonly status: number }>, status: number) =>
  ends.filter((one) => one.status === status).length

describe("the license", () => {
  it("delays as in the vendor's example: limit 50, 25 done since :20, at :60 it is 0.8 seconds", () => {
    const done = Array.from({ length: 25 }, (_, i) => 20_000 + i)
    expect(License.delay(done, 60_000, 50)).toBe(800)
    expect(License.delay(done.slice(1), 60_000, 50)).toBe(0)
  })

  it("delays nothing below half of the rate, and spreads the rest over the minute", async () => {
    const { ends } = await burst(25, { license: { perMinute: 30 } })
    expect(count(ends, 200)).toBe(25)
    expect(ends.slice(0, 15).map((one) => one.after)).toEqual(Array(15).fill(0))
    expect(ends[15]?.after).toBe(4000)
    expect(ends[24]?.after).toBeLessThanOrEqual(60_000)
  })

  it("never lets more than the rate through in a minute", async () => {
    const { ends, world } = await burst(60, { license: { perMinute: 20 } }, 1000)
    expect(world.processed.length).toBeLessThanOrEqual(20)
    const starts = ends.filter((one) => one.status === 200).map((one) => one.after)
    for (const start of starts) {
      expect(starts.filter((one) => one > start - 60_000 && one <= start).length).toBeLessThanOrEqual(20)
    }
  })

  it("runs 16, lets 20 wait and declines 14 of 50 at once on 16 slots", async () => {
    const { answers, ends } = await burst(50, { license: { concurrent: 16 }, knobs: { processingMillis: 1000 } })
    expect([count(ends, 200), count(ends, 429)]).toEqual([36, 14])
    const declined = answers.find((one) => one.status === 429)
    expect(declined?.headers.has("retry-after")).toBe(false)
    expect(ends.filter((one) => one.status === 200).map((one) => one.after)).toEqual([
      ...Array(16).fill(1000),
      ...Array(16).fill(2000),
      ...Array(4).fill(3000),
    ])
  })

  it("declines what has waited for more than ten minutes", async () => {
    const { ends } = await burst(3, { license: { concurrent: 1 }, knobs: { processingMillis: 400_000 } })
    expect(ends).toEqual([
      { status: 200, after: 400_000 },
      { status: 200, after: 800_000 },
      { status: 429, after: 800_000 },
    ])
  })

  it("does not count what it declined", async () => {
    const { ends, world } = await burst(40, { license: { perMinute: 10 } })
    expect(count(ends, 429)).toBe(15)
    expect(count(ends, 200)).toBe(25)
    expect(world.processed.length).toBeLessThanOrEqual(10)
  })

  it("lets sign-out pass while others wait", async () => {
    const { clock, twin } = make({ license: { concurrent: 1 }, knobs: { processingMillis: 60_000 } })
    const [busy, other] = [cookieOf(await login(twin)), cookieOf(await login(twin))]
    const waiting = ask(twin, "/entity/Default/24.200.001/Customer", { headers: { cookie: busy } })
    const out = await ask(twin, "/entity/auth/logout", { method: "POST", headers: { cookie: other } })
    expect([out.status, clock.now()]).toEqual([204, START])
    await clock.advance("1 minute")
    expect((await waiting).status).toBe(200)
  })
})
