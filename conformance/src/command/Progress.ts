/** What is under way, for whoever waits: on a terminal one line that is written over, elsewhere a line now and then. */

export interface Screen {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  readonly columns: number
}

export interface Progress {
  /** What one of the processes is at; undefined when it has nothing to do. */
  readonly at: (hand: number, text: string | undefined) => void
  /** So many pieces of work are done. */
  readonly done: (count: number, of: number) => void
  /** Takes the line away before something else is written. */
  readonly end: () => void
}

const REDRAW_MILLIS = 100
const LINE_MILLIS = 5_000

const ERASE = "\r\u001b[2K"

const fitted = (text: string, columns: number): string =>
  text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`

export const make = ({ columns, isTerminal, write }: Screen, now: () => number = () => performance.now()): Progress => {
  const began = now()
  const hands = new Map<number, string>()
  let last = isTerminal ? Number.NEGATIVE_INFINITY : began
  let counts = ""
  const draw = () => {
    const time = now()
    if (time - last < (isTerminal ? REDRAW_MILLIS : LINE_MILLIS)) return
    last = time
    const text = [...hands.values(), counts, `${((time - began) / 1000).toFixed(0)} s`].filter((one) => one !== "")
    const line = text.join(" · ")
    write(isTerminal ? ERASE + fitted(line, columns) : `${line}\n`)
  }
  return {
    at: (hand, text) => {
      if (text === undefined) hands.delete(hand)
      else hands.set(hand, text)
      draw()
    },
    done: (count, of) => {
      counts = `${count} of ${of} done`
      draw()
    },
    end: () => {
      if (isTerminal) write(ERASE)
    },
  }
}
