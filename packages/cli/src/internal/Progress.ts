/**
 * What long work tells while it goes on, on stderr: on a terminal one line that is written over, elsewhere plain lines
 * and few of them.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Service } from "../Surroundings.ts"

export interface Progress {
  /** The next piece of work begins. */
  readonly step: (text: string) => Effect.Effect<void>
  /** A small part of it, which a log does not need. */
  readonly detail: (text: string) => Effect.Effect<void>
  /** So many bytes of it are there. */
  readonly received: (what: string, bytes: number) => Effect.Effect<void>
  /** Takes the line away before something else is written. */
  readonly clear: Effect.Effect<void>
}

export const silent: Progress = {
  step: () => Effect.void,
  detail: () => Effect.void,
  received: () => Effect.void,
  clear: Effect.void,
}

const MEGABYTE = 1024 * 1024
/** On a terminal a line is written this often at most. */
const REDRAW_MILLIS = 100
/** Elsewhere there is one line for so many bytes. */
const LINE_BYTES = 16 * MEGABYTE

const ERASE = "\r\u001b[2K"

const fitted = (text: string, columns: number): string =>
  text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`

const onTerminal = ({ columns, err }: Service): Progress => {
  let drawn = false
  let last = 0
  const draw = (text: string) =>
    Effect.suspend(() => {
      drawn = true
      return err(ERASE + fitted(text, columns))
    })
  return {
    step: draw,
    detail: draw,
    received: (what, bytes) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (now - last < REDRAW_MILLIS) return Effect.void
        last = now
        return draw(`${what}: ${(bytes / MEGABYTE).toFixed(1)} MB`)
      }),
    clear: Effect.suspend(() => {
      if (!drawn) return Effect.void
      drawn = false
      return err(ERASE)
    }),
  }
}

const inLines = ({ err }: Service): Progress => {
  let told = 0
  return {
    step: (text) =>
      Effect.suspend(() => {
        told = 0
        return err(`${text}\n`)
      }),
    detail: () => Effect.void,
    received: (what, bytes) =>
      Effect.suspend(() => {
        if (bytes - told < LINE_BYTES) return Effect.void
        told = bytes
        return err(`${what}: ${Math.floor(bytes / MEGABYTE)} MB\n`)
      }),
    clear: Effect.void,
  }
}

export const make = (surroundings: Service): Progress =>
  surroundings.errIsTerminal ? onTerminal(surroundings) : inLines(surroundings)
