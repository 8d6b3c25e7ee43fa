import { describe, expect, it } from "vitest"
import * as Progress from "../../src/command/Progress.ts"

const screen = (isTerminal: boolean) => {
  const written: Array<string> = []
  let time = 0
  const pass = (millis: number): void => {
    time += millis
  }
  const progress = Progress.make({ isTerminal, columns: 40, write: (text) => void written.push(text) }, () => time)
  return { written, progress, pass }
}

describe("progress", () => {
  it("is one line on a terminal, written over and taken away in the end", () => {
    const { pass, progress, written } = screen(true)
    progress.at(0, "hubspot create 3/120")
    pass(50)
    progress.at(0, "hubspot create 4/120")
    pass(100)
    progress.at(1, "hubspot R/cap 5/20 which is a rule with a long name")
    progress.end()
    expect(written).toHaveLength(3)
    expect(written.every((text) => text.startsWith("\r\u001b[2K") && !text.includes("\n"))).toBe(true)
    expect(written[1]).toContain("create 4/120")
    expect(written[1]?.length).toBeLessThan(46)
    expect(written[2]).toBe("\r\u001b[2K")
  })

  it("is a line every few seconds elsewhere: what, how far, how long", () => {
    const { pass, progress, written } = screen(false)
    for (let step = 0; step < 100; step++) {
      pass(120)
      progress.at(0, `hubspot create ${step}/120`)
    }
    progress.done(1, 12)
    progress.end()
    expect(written).toEqual(["hubspot create 41/120 · 5 s\n", "hubspot create 83/120 · 10 s\n"])
  })
})
