import { connect } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Demo from "./support/demo.ts"

/** On a machine that is busy with other tests. */
const PATIENCE = 400_000

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true))
    socket.once("error", () => resolve(false))
    socket.unref()
  })

interface Stop {
  readonly name: string
  /** Once this flow has read all, and the next is under way. */
  readonly after: string
  readonly by: (demo: Demo.Demo) => void
  readonly code: number | null
  readonly says: RegExp
}

const RESUME = "go on with: npm run demo -- --resume"

/** One run, stopped in all these ways, one after the other. */
const STOPS: ReadonlyArray<Stop> = [
  {
    name: "Ctrl-C, which goes to all of them",
    after: "products",
    by: ({ pid }) => process.kill(-pid, "SIGINT"),
    code: 130,
    says: new RegExp(`stopped by SIGINT; ${RESUME}`),
  },
  {
    name: "kill -9",
    after: "companies",
    by: ({ pid }) => process.kill(pid, "SIGKILL"),
    code: null,
    says: /./,
  },
  {
    name: "kill",
    after: "contacts",
    by: ({ pid }) => process.kill(pid, "SIGTERM"),
    code: 143,
    says: new RegExp(`stopped by SIGTERM; ${RESUME}`),
  },
  {
    name: "kill -9 of the sync",
    after: "invoices",
    by: ({ part }) => process.kill(part("sync.main.ts"), "SIGKILL"),
    code: 1,
    says: new RegExp(`the sync was ended by SIGKILL; ${RESUME}`),
  },
]

describe("the demo, one run of it", () => {
  let place = ""
  const parts: Array<number> = []
  beforeAll(() => {
    place = Demo.folder()
  })
  afterAll(() => Demo.remove(place))

  it.each(STOPS)("is stopped by $name while it works", { timeout: PATIENCE }, async (stop) => {
    const demo = Demo.start(place, ...(stop === STOPS[0] ? [] : ["--resume"]))
    await demo.said(new RegExp(`^${stop.after} +\\d+ read`, "m"))
    parts.push(demo.part("twins.main.ts"), demo.part("sync.main.ts"))
    stop.by(demo)
    const ended = await demo.ended
    expect(ended.code).toBe(stop.code)
    expect(ended.out).toMatch(stop.says)
    expect(ended.errors).toBe("")
    // Who is killed hard can wait for nobody; whoever goes on from there has to.
    if (stop.code === null) return
    expect(Demo.alive(parts)).toEqual([])
    const { hubspot, port, saved } = Demo.run(place)
    expect(saved).toBe(true)
    expect([await answers(port), await answers(hubspot)]).toEqual([false, false])
  })

  it("goes on to its end, with nothing doubled or lost, and a kill that never came", {
    timeout: PATIENCE,
  }, async () => {
    const ended = await Demo.demo(place, "--resume", "--kill-after", "100000", "--json")
    expect(ended.errors).toBe("")
    expect(ended.out).toMatch(/0 duplicates, 0 lost\n/)
    expect(ended.out).toMatch(/nothing was killed: the run was over after \d+ requests, before request 100000\n/)
    expect(Demo.result(ended)).toMatchObject({ duplicates: 0, lost: 0 })
    expect(ended.code).toBe(1)
    expect(Demo.alive(parts)).toEqual([])
  })

  it("cannot go on when the worlds were lost, and says that", { timeout: PATIENCE }, async () => {
    const demo = Demo.start(place, "--again", "--forget")
    await demo.said(/^in the data/m)
    process.kill(demo.part("twins.main.ts"), "SIGKILL")
    const { code, errors, out } = await demo.ended
    expect(code).toBe(1)
    expect(errors).toMatch(/demo: .*start afresh with: npm run demo\n$/)
    expect(out).not.toContain("lost")
  })
})
