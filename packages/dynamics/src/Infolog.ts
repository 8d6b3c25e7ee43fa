/**
 * The Infolog is the log of a form, and the only place where the service says why it refused a record: a list of
 * `Info:`, `Warning:` and `Error:` items behind the words "Infolog:". Some say only that something failed; the others
 * are the reason.
 */

export interface Item {
  readonly level: "Info" | "Warning" | "Error"
  readonly text: string
}

/** Items that tell nothing: which method ended, and that it did. */
const NOISE = /^(?:validate\w* failed on data source|update has been cancel|write failed for table row)/i

const MAIL = /[^\s@;,:]+@[^\s@;,:]+\.[^\s@;,:]+/g

/** `at Microsoft.Dynamics.Ax.Xpp.…(`, wherever it stands: from there on it is the server's inside. */
const FRAME = /\s+at\s+[\w.$<>`[\]+]+\s*\([\s\S]*/

/** One line, short, without stack frames and without addresses of people. */
export const tidy = (text: string): string =>
  ` ${text}`.replace(FRAME, "").replace(MAIL, "(an address)").replace(/\s+/g, " ").trim().slice(0, 300)

const ITEM = /(Info|Warning|Error):\s*/g

/** The items of a message; none when it holds no Infolog. */
export const parse = (message: string): ReadonlyArray<Item> => {
  const start = message.search(/Infolog:/i)
  if (start === -1) return []
  const log = message.slice(start + "Infolog:".length)
  const marks = [...log.matchAll(ITEM)]
  return marks.flatMap((mark, index) => {
    const from = mark.index + mark[0].length
    const text = tidy(log.slice(from, marks[index + 1]?.index)).replace(/[;.\s]+$/, "")
    return text === "" ? [] : [{ level: mark[1] as Item["level"], text }]
  })
}

/** What the message says, without what says nothing. */
export const summary = (message: string): string => {
  const items = parse(message)
  const telling = items.filter(({ text }) => !NOISE.test(text))
  if (items.length === 0) return tidy(message)
  return (telling.length === 0 ? items : telling)
    .map(({ text }) => text)
    .join("; ")
    .slice(0, 300)
}
