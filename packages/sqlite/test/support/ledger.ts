/** What the writing process of the kill test writes, and what has to stand in the file afterwards. */
import type { Commit, Intent, JournalEntry, RecordRef, Service } from "@mortise/core/StateStore"
import { refKey } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const RELAY = "accounts to companies"
const STREAM = "accounts"
const ERP = "acumatica/1/main"
const CRM = "hubspot/1/"
const MARKS = 60
const LINKS = 20
const LINES = 5

const account = (page: number, row: number): RecordRef => ({ scope: ERP, entity: "Account", id: `${page}-${row}` })
const company = (page: number, row: number): RecordRef => ({ scope: CRM, entity: "Company", id: `${page}-${row}` })
const rows = (count: number) => Array.from({ length: count }, (_, index) => index)

const line = (page: number, row: number): JournalEntry => ({
  relay: RELAY,
  at: page,
  source: account(page, row),
  decision: "created",
})

export const intent = (page: number): Intent => ({
  relay: RELAY,
  key: `page ${page}`,
  source: account(page, 0),
  entity: "Company",
  hash: String(page),
  announcedAt: page,
})

export const commitOf = (page: number): Commit => ({
  page: {
    stream: STREAM,
    cursor: { v: 1, scope: ERP, entity: "Account", selection: "", strategy: "keyset", state: page },
    delta: { marks: rows(MARKS).map((row) => ({ id: account(page, row).id, version: String(page) })) },
  },
  links: rows(LINKS).map((row) => ({ source: account(page, row), target: company(page, row), key: `${page}-${row}` })),
  journal: rows(LINES).map((row) => line(page, row)),
  settled: [{ relay: RELAY, key: intent(page).key }],
})

/** The last committed page; 0 when there is none. */
export const lastPage = Effect.fnUntraced(function* (store: Service) {
  const cursor = yield* store.cursor(STREAM)
  return Option.match(cursor, { onNone: () => 0, onSome: ({ state }) => Number(state) })
})

/**
 * What is wrong with a file that should hold exactly the pages up to `last`: nothing missing, nothing of a later one.
 * The journal is read whole, the rest from page `from` on.
 */
export const faults = Effect.fnUntraced(function* (store: Service, from: number, last: number) {
  const wrong: Array<string> = []
  const all = rows(last + 2).slice(1)
  const pages = all.slice(from - 1)
  const whole = last - from + 1
  const marks = yield* store.marks(
    STREAM,
    pages.flatMap((page) => rows(MARKS).map((row) => account(page, row).id)),
  )
  const accounts = pages.flatMap((page) => rows(LINKS).map((row) => account(page, row)))
  const links = yield* store.linksFrom(accounts, { scope: CRM, entity: "Company" })
  const backs = yield* store.linksTo(
    pages.flatMap((page) => rows(LINKS).map((row) => company(page, row))),
    { scope: ERP, entity: "Account" },
  )
  const journal = yield* store.journal({ relay: RELAY, limit: 1_000_000 })
  const expected = all.slice(0, -1).flatMap((page) => rows(LINES).map((row) => refKey(account(page, row))))
  if (marks.size !== whole * MARKS) wrong.push(`${marks.size} marks`)
  if (links.size !== whole * LINKS) wrong.push(`${links.size} links`)
  if (backs.size !== whole * LINKS) wrong.push(`${backs.size} links back`)
  if (journal.map((each) => refKey(each.source)).join() !== expected.join())
    wrong.push(`${journal.length} journal lines`)
  const open = (yield* store.intents(RELAY)).map((each) => each.key)
  if (open.some((key) => key !== intent(last + 1).key)) wrong.push(`announced: ${open.join()}`)
  return { wrong, announced: open.length }
})
