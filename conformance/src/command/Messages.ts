/** What the command and the processes that do its work say to each other: plain data. */
import type { About, RuleResult, SweepResult } from "../kit/Result.ts"

/** A piece of work for one process. */
export type Unit =
  | {
      readonly _tag: "Rules"
      readonly connector: string
      readonly ids: ReadonlyArray<string>
      /** Through the global `fetch`, where MSW intercepts it. */
      readonly intercepted?: true
      readonly pins?: Readonly<Record<string, number>>
    }
  | {
      readonly _tag: "Sweep"
      readonly connector: string
      readonly id: string
      readonly seeds: number
      /** As `Schedule.format` gives it. */
      readonly schedule?: string
    }

/** What a process is asked to do, and how the command that runs a part of it begins. */
export type Ask = Unit & { readonly command: string }

export type Told =
  /** It has loaded what is judged. */
  | { readonly _tag: "Ready"; readonly connectors: ReadonlyArray<About> }
  /** What is to be judged cannot be loaded. */
  | { readonly _tag: "Unloadable"; readonly message: string; readonly hint?: string }
  /** Its event loop turns. */
  | { readonly _tag: "Alive" }
  /** What it was asked last cannot be done, by no fault that a rule could tell of. */
  | { readonly _tag: "Broke"; readonly why: string }
  /** It goes on: what it is at, and how far. */
  | { readonly _tag: "Going"; readonly what: string; readonly done: number; readonly of: number }
  | { readonly _tag: "Rule"; readonly result: RuleResult }
  | { readonly _tag: "Sweep"; readonly result: SweepResult }
  /** Of the unit that was asked last. */
  | { readonly _tag: "Done" }
