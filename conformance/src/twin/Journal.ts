/** What reached a twin and what it answered, in order. Rules and tests read their evidence from it. */
export interface JournalLine {
  readonly index: number
  readonly at: number
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: string
  /** Absent while the request is in the twin, and for ever when no answer was given. */
  status?: number
  responseBody?: string
  /** True when the world was changed. */
  changed: boolean
  /** The faults that were dealt to this request. */
  readonly faults: Array<string>
}

export interface Journal {
  readonly lines: ReadonlyArray<JournalLine>
  /** Requests so far. */
  readonly count: () => number
  /** Lines that changed the world. */
  readonly writes: () => ReadonlyArray<JournalLine>
  readonly where: (predicate: (line: JournalLine) => boolean) => ReadonlyArray<JournalLine>
  readonly clear: () => void
}
