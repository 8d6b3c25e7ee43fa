/** What the verdicts rest on: what is declared absent, what the twin takes for granted, and which mistakes are caught. */
import type { Result } from "../../kit/Result.ts"
import { type KillMatrix, missed, survived } from "../KillMatrix.ts"
import { escaped } from "../Markup.ts"

const table = (heads: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [
    `<div class="card scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>`,
    ...rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`),
    "</tbody></table></div>",
  ].join("")

export const absences = ({ absent }: Result): string => {
  const rows = Object.entries(absent).map(([feature, reason]) => [`<code>${escaped(feature)}</code>`, escaped(reason)])
  return rows.length === 0
    ? ""
    : `<h2 id="absent">Declared absent</h2><p class="quiet">Rules that need one of these are skipped, for the reason that the connector's author gives.</p>${table(["feature", "reason"], rows)}`
}

const GRADE: Readonly<Record<string, string>> = {
  assumed: "vacuous",
  reported: "skipped",
  documented: "skipped",
  observed: "passed",
}

export const assumptions = ({ quirks }: Result): string => {
  const rows = quirks.map(({ grade, says, source }) => [
    `<span class="mark ${GRADE[grade] ?? "skipped"}">${grade}</span>`,
    escaped(says),
    `<span class="quiet">${escaped(source)}</span>`,
  ])
  const assumed = quirks.filter(({ grade }) => grade === "assumed").length
  const lead = `The twin stands in for the vendor. ${assumed} of what it does is assumed, ${quirks.length - assumed} is reported, documented or observed. A verdict is as good as these.`
  return rows.length === 0
    ? ""
    : `<h2 id="assumed">What is taken for granted of the vendor</h2><p class="quiet">${lead}</p>${table(["how surely", "what", "source"], rows)}`
}

const codes = (names: ReadonlyArray<string>): string => names.map((name) => `<code>${escaped(name)}</code>`).join(" ")

export const kills = (matrix: KillMatrix): string => {
  const rows = matrix.map((one) => [
    survived(one) || missed(one).length > 0
      ? '<span class="mark failed">survived</span>'
      : '<span class="mark passed">killed</span>',
    escaped(one.name),
    codes(one.killedBy),
    `<span class="quiet">${codes(missed(one))}</span>`,
  ])
  return rows.length === 0
    ? ""
    : `<h2 id="kills">Mistakes that are caught</h2><p class="quiet">Connectors broken on purpose, each in one way, and the rules that turned them down.</p>${table(["", "what it does wrong", "turned down by", "not by"], rows)}`
}
