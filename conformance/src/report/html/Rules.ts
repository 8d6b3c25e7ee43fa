/** The rules by family, and the sweeps: a line each, folded open to what they are based on. */
import type { Result, RuleResult, SweepFailure, SweepResult } from "../../kit/Result.ts"
import { escaped } from "../Markup.ts"
import { evidence } from "./Evidence.ts"

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

export const anchor = (id: string): string => escaped(id.replace(/[^\w-]+/g, "-"))

const list = (heading: string, items: ReadonlyArray<string>, kind = ""): string =>
  items.length === 0
    ? ""
    : `<h4>${heading}</h4><ul class="${kind}">${items.map((item) => `<li>${escaped(item)}</li>`).join("")}</ul>`

const again = (command: string): string => `<h4>Run it again</h4><code class="run">${escaped(command)}</code>`

const mark = (verdict: string): string => `<span class="mark ${verdict}">${verdict}</span>`

const isGood = (verdict: string): boolean => verdict === "passed" || verdict === "skipped"

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`)

const rule = (one: RuleResult): string => {
  const { assertions, findings, hazards, id, level, promise, reproduce, seconds, transcript, verdict } = one
  const ran = verdict !== "skipped"
  return [
    `<details class="one" id="${anchor(id)}"${isGood(verdict) ? "" : " open"}><summary>${mark(verdict)}`,
    `<span>${escaped(capital(promise))}<span class="id">${escaped(id)}${level === "MUST" ? "" : ` · ${level}`}</span></span>`,
    `<span class="side">${ran ? `${assertions} assertions` : ""}</span></summary><div class="inside">`,
    list(ran ? "What is wrong" : "Why it is skipped", findings, ran ? "findings" : ""),
    list(
      "What happened, so that this was tried",
      hazards.map(({ says, times: count }) => `${says}: ${count === 0 ? "never" : times(count)}`),
    ),
    ran ? again(reproduce) : "",
    evidence(transcript),
    ran ? `<p class="quiet">${seconds.toFixed(2)} s</p>` : "",
    "</div></details>",
  ].join("")
}

const tally = (of: ReadonlyArray<{ readonly verdict: string }>): string =>
  ["passed", "failed", "vacuous", "skipped", "lacking"]
    .map((verdict) => [verdict, of.filter((one) => one.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(", ")

export const byFamily = ({ rules }: Result): string =>
  [...new Set(rules.map(({ family }) => family))]
    .map((family) => {
      const own = rules.filter((one) => one.family === family)
      return `<h3 id="${anchor(family)}">${escaped(family)}<small>${tally(own)}</small></h3><div class="card">${own.map(rule).join("")}</div>`
    })
    .join("\n")

const failure = ({ problems, reproduce, schedule, seed, transcript }: SweepFailure): string =>
  [
    `<h4>${schedule === "" ? "As a whole" : `Under <code>${escaped(schedule)}</code>`}`,
    seed === undefined ? "" : `, found by seed ${seed}`,
    `</h4><ul class="findings">${problems.map((problem) => `<li>${escaped(problem)}</li>`).join("")}</ul>`,
    again(reproduce),
    evidence(transcript),
  ].join("")

const SHOWN = 10

const figures = (of: SweepResult): string => {
  const seeds = of.seeds.length === 0 ? "none" : `${of.seeds.length} (${of.seeds.at(0)} to ${of.seeds.at(-1)})`
  const rows = [
    ["requests of an undisturbed run", of.requests],
    ["writes of the store", of.storeWrites],
    ["faults that were met", of.faults],
    ["crashes, each with a restart from the store", of.crashes],
    ["seeded schedules", seeds],
    ["schedules that met nothing, and are not counted", of.unmet],
  ]
  return `<table>${rows.map(([says, count]) => `<tr><td>${says}</td><td class="n">${count}</td></tr>`).join("")}</table>`
}

const sweep = (one: SweepResult): string => {
  const { cutPoints, failures, findings, id, reproduce, says, seconds, verdict } = one
  const ran = verdict !== "skipped"
  const left = failures.length - SHOWN
  return [
    `<details class="one" id="sweep-${anchor(id)}"${verdict === "failed" ? " open" : ""}><summary>${mark(verdict)}`,
    `<span>${escaped(capital(says))}<span class="id">${escaped(id)}</span></span>`,
    `<span class="side">${cutPoints > 0 ? `${cutPoints} cut points` : ""}</span></summary><div class="inside">`,
    list("Why it is skipped", findings),
    failures.slice(0, SHOWN).map(failure).join(""),
    left > 0 ? `<p class="bad">and ${left} more schedules that fail</p>` : "",
    ran && one.requests > 0 ? figures(one) + again(reproduce) : "",
    ran ? `<p class="quiet">${seconds.toFixed(1)} s</p>` : "",
    "</div></details>",
  ].join("")
}

export const sweeps = (result: Result): string =>
  result.sweeps.length === 0
    ? ""
    : [
        `<h2 id="sweeps">Sweeps</h2><p class="quiet">Each scenario was disturbed at every request by every fault, and cut`,
        " off before and after every request and every write of the store, then restarted until it ended well. What it left",
        ` behind had to be what an undisturbed run leaves. ${tally(result.sweeps)}.</p>`,
        `<div class="card">${result.sweeps.map(sweep).join("")}</div>`,
      ].join("")
