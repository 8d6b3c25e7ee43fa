/** The report as one page that stands alone: no script, nothing fetched, light or dark as the reader has it. */
import type { Result } from "../kit/Result.ts"
import { absences, assumptions, kills } from "./html/Basis.ts"
import { anchor, byFamily, sweeps } from "./html/Rules.ts"
import { STYLE } from "./html/Style.ts"
import type { KillMatrix } from "./KillMatrix.ts"
import { escaped } from "./Markup.ts"

export interface Options {
  /** Which broken connectors were caught; of this connector. */
  readonly matrix?: KillMatrix
}

/** Nothing is loaded and nothing runs, whatever a vendor's text may hold. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

const PROFILES: Readonly<Record<Result["profile"], string>> = {
  full: "It keeps every promise of a connector that reads and writes.",
  writer: "It keeps every promise of a connector that writes.",
  reader: "It keeps every promise of a connector that reads.",
  partial: "What was tried holds, but something was not tried that nobody declares absent.",
  none: "It does not keep what a connector promises, or did not prove that it does.",
}

const verdict = ({ claimed, profile, whole }: Result): string => {
  if (profile !== "none" && !whole) {
    return '<p class="lead"><b>a part of the suite</b> · What was tried holds. Only all of it proves a profile.</p>'
  }
  const kind = profile === claimed ? "good" : profile === "none" ? "bad" : "warn"
  const found = profile === "none" ? "not conformant" : profile
  const claim = profile === claimed ? "" : ` <span class="quiet">It claims to be <b>${claimed}</b>.</span>`
  return `<p class="lead"><b class="${kind}">${found}</b> · ${PROFILES[profile]}${claim}</p>`
}

const figure = (count: number, says: string, kind = ""): string =>
  `<li><b class="${count > 0 ? kind : ""}">${count.toLocaleString("en")}</b><span>${says}</span></li>`

const figures = ({ counts }: Result): string =>
  [
    '<ul class="figures">',
    figure(counts.passed, "passed", "good"),
    figure(counts.failed, "failed", "bad"),
    figure(counts.vacuous, "vacuous", "warn"),
    figure(counts.skipped, "skipped"),
    figure(counts.assertions, "assertions"),
    figure(counts.cutPoints, "cut points"),
    figure(counts.seeds, "seeds"),
    "</ul>",
  ].join("")

/** What a reader wants to know first. */
const wrong = ({ rules, sweeps: swept }: Result): string => {
  const bad = [
    ...rules
      .filter(({ verdict: of }) => of !== "passed" && of !== "skipped")
      .map(({ findings, id, verdict: of }) => ({ id, of, at: anchor(id), says: findings[0] })),
    ...swept
      .filter(({ verdict: of }) => of === "failed" || of === "vacuous")
      .map(({ failures, findings, id, verdict: of }) => ({
        id,
        of,
        at: `sweep-${anchor(id)}`,
        says: failures[0]?.problems[0] ?? findings[0],
      })),
  ]
  if (bad.length === 0) return ""
  const rows = bad.map(
    ({ at, id, of, says = "" }) =>
      `<tr><td><span class="mark ${of}">${of}</span></td><td class="name"><a href="#${at}"><code>${escaped(id)}</code></a></td><td>${escaped(says)}</td></tr>`,
  )
  return `<h2 id="wrong">What is not as promised</h2><div class="card scroll"><table class="wrong">${rows.join("")}</table></div>`
}

const contents = (result: Result, matrix: KillMatrix): string => {
  const families = [...new Set(result.rules.map(({ family }) => family))]
  const links = [
    ...families.map((family) => [anchor(family), family]),
    ...(result.sweeps.length === 0 ? [] : [["sweeps", "Sweeps"]]),
    ...(Object.keys(result.absent).length === 0 ? [] : [["absent", "Declared absent"]]),
    ...(result.quirks.length === 0 ? [] : [["assumed", "Taken for granted"]]),
    ...(matrix.length === 0 ? [] : [["kills", "Mistakes that are caught"]]),
  ]
  return `<nav>${links.map(([at, says]) => `<a href="#${at}">${escaped(says ?? "")}</a>`).join(" ")}</nav>`
}

const body = (result: Result, matrix: KillMatrix): string => {
  const { connector, reproduce, seconds, suite } = result
  return [
    `<div class="head"><h1>${escaped(connector.name)}</h1>`,
    `<span class="version">${escaped(connector.version)}, on API ${escaped(connector.apiVersion)}</span></div>`,
    verdict(result),
    figures(result),
    contents(result, matrix),
    wrong(result),
    '<h2 id="rules">Rules</h2><p class="quiet">A rule passes only when what endangers its promise really happened in the',
    " run. Open a line to see what happened, and what was asked and answered.</p>",
    byFamily(result),
    sweeps(result),
    absences(result),
    assumptions(result),
    kills(matrix),
    `<footer><p>Mortise conformance ${escaped(suite.version)}, ${escaped(suite.digest)}; ${seconds.toFixed(0)} s of real`,
    ` time. All times in transcripts are virtual, and secrets are taken out of them.</p><code class="run">${escaped(reproduce)}</code></footer>`,
  ].join("\n")
}

export const text = (result: Result, { matrix = [] }: Options = {}): string =>
  [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">',
    `<title>${escaped(result.connector.name)}: conformance</title>\n<style>${STYLE}</style>\n</head>`,
    `<body>\n<main>\n${body(result, matrix)}\n</main>\n</body>\n</html>\n`,
  ].join("\n")
