/** A transcript, folded: a line an exchange, and within it what was sent and what came back. */
import type { Exchange, Transcript } from "../../kit/Transcript.ts"
import { escaped } from "../Markup.ts"

/** Without the address, which is the same for all of them. */
const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, "")

const seconds = (millis: number): string => `+${(millis / 1000).toFixed(millis < 10_000 ? 2 : 0)} s`

const sent = ({ headers, method, request, url }: Exchange): string =>
  [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(request === "" ? [] : ["", request]),
  ].join("\n")

const received = ({ response = "", status }: Exchange): string =>
  status === undefined ? "no answer" : [`${status}`, ...(response === "" ? [] : ["", response])].join("\n")

const exchange = (one: Exchange, start: number): string => {
  const { at, changed, faults, index, method, status, url } = one
  const isGood = status !== undefined && status < 400
  const notes = [
    ...(changed ? ['<span class="wrote">wrote</span>'] : []),
    ...faults.map((fault) => `<span class="fault">${escaped(fault)}</span>`),
    `<span class="${isGood ? "quiet" : "bad"}">${status ?? "no answer"}</span>`,
    `<span class="quiet">${seconds(at - start)}</span>`,
  ]
  return [
    '<details class="exchange"><summary>',
    `<span class="nth">${index}</span><b>${escaped(method)}</b>`,
    `<span class="path">${escaped(pathOf(url))}</span>${notes.join("")}</summary>`,
    `<pre>${escaped(sent(one))}</pre><pre class="answer">${escaped(received(one))}</pre></details>`,
  ].join("")
}

export const evidence = ({ exchanges, omitted }: Transcript): string => {
  const [first] = exchanges
  if (first === undefined) return ""
  const parts: Array<string> = []
  let before = first.index - 1
  for (const one of exchanges) {
    if (omitted > 0 && one.index > before + 1) {
      parts.push(`<div class="gap">… ${one.index - before - 1} more exchanges …</div>`)
    }
    parts.push(exchange(one, first.at))
    before = one.index
  }
  return `<h4>Transcript</h4>${parts.join("")}`
}
