/**
 * From the vendor's answers to the reasons that are the same for every vendor. Statuses alone do not tell: the code is
 * mostly empty, the message is always "An error has occurred.", and what happened stands in the inner error. Stack traces
 * are never taken over.
 */
import {
  Conflict,
  Decode,
  Duplicate,
  Forbidden,
  Invalid,
  MissingReference,
  NotFound,
  type Reason,
  Throttled,
  Unauthorized,
  Unavailable,
} from "@mortise/core/ConnectorError"
import { type Exchange, retryAfter } from "@mortise/core/Pipeline"
import type { Operation } from "@mortise/core/Replay"
import * as Batch from "./Batch.ts"
import * as Infolog from "./Infolog.ts"
import { RETRY_AFTER } from "./Limits.ts"
import * as Operations from "./Operations.ts"

/** What an answer is judged by; a part of a batch has one as well. */
export type Answer = Pick<Exchange, "status" | "headers" | "text" | "body" | "receivedAt"> & {
  readonly serverTime?: number
}

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const INNER_DEPTH = 6

/** The messages of an error and its causes, the innermost last. */
const messagesOf = (value: unknown, depth = 0): ReadonlyArray<string> => {
  if (!isObject(value) || depth > INNER_DEPTH) return []
  const own = [value["message"], value["Message"]].filter((text) => typeof text === "string" && text !== "")
  const inner = ["error", "innererror", "internalexception", "InnerException"].flatMap((name) =>
    messagesOf(value[name], depth + 1),
  )
  return [...(own as ReadonlyArray<string>), ...inner]
}

const GENERIC = /^an error has occurred\.?$/i

const isHtml = ({ headers, text }: Answer): boolean =>
  /text\/html/i.test(headers.get("content-type") ?? "") || /^\s*<(?:!doctype|html)/i.test(text)

const after = (answer: Answer) => retryAfter(answer as Exchange)

const throttled = (answer: Answer, all: string): Throttled =>
  new Throttled({
    message: "the environment is under load, or the user has spent its share",
    policy: /exe+eded the limit|exceeded limit|exceeded the limit/i.test(all) ? "user" : "resources",
    retryAfter: after(answer) ?? RETRY_AFTER,
  })

const unavailable = (answer: Answer, message: string): Unavailable => {
  const wait = after(answer)
  return new Unavailable({ message, status: answer.status, ...(wait === undefined ? {} : { retryAfter: wait }) })
}

/** Tables that our references lead to, by the names that messages give them. */
const REFERENCES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:customers?|custtable|bill-to customers?)\b/i, "account"],
  [/^(?:items?|released products?|inventtable|products?)\b/i, "product"],
  [/^(?:terms of payment|paymterm)\b/i, "paymentTerms"],
  [/^(?:currenc(?:y|ies)|currency)\b/i, "currency"],
  [/^(?:parties|party|dirpartytable|global address book)\b/i, "account"],
]

const RELATED = /value '([^']*)' in field '([^']*)' is not found in (?:the )?related table '([^']*)'/i

const missing = (text: string): MissingReference | undefined => {
  const [, value = "", field = "", table = ""] = RELATED.exec(text) ?? []
  if (field === "" && table === "") return undefined
  const ours = REFERENCES.find(([pattern]) => pattern.test(table))?.[1] ?? field
  return new MissingReference({
    message: `${ours} points to a record that is not in ${Infolog.tidy(table)}`,
    field: ours,
    reference: Infolog.tidy(value).slice(0, 60),
  })
}

/** The table of a duplicate, as the message names it; the values beside it are left out. */
const tableOf = (text: string): string => /create a record in ([^.]*?\([A-Za-z]+\))/.exec(text)?.[1] ?? "the table"

interface Fault {
  readonly answer: Answer
  readonly all: string
  /** The innermost message. */
  readonly told: string
}

/** Texts that tell what went wrong, in the order in which they are tried. */
const known: ReadonlyArray<readonly [RegExp, (fault: Fault) => Reason | undefined]> = [
  [
    /record already exists/i,
    ({ all }) => new Duplicate({ message: `the record already exists in ${Infolog.tidy(tableOf(all))}` }),
  ],
  [/no resources were found/i, () => new NotFound({ message: "no such record in this company" })],
  [
    /update conflict occurred|record has been modified|etag.*(?:match|differ)|precondition failed/i,
    () => new Conflict({ message: "another user changed or deleted the record meanwhile" }),
  ],
  [
    /more than one resource/i,
    () =>
      new Invalid({
        message: "the key does not name one record",
        issues: [{ path: ["key"], message: "is not whole" }],
      }),
  ],
  [RELATED, ({ told }) => missing(told)],
  [
    /write failed for table row|infolog:|cannot be deleted while dependent|validate\w+ failed/i,
    ({ told }) => new Invalid({ message: Infolog.summary(told), issues: [] }),
  ],
]

const byText = (fault: Fault): Reason | undefined => {
  for (const [pattern, reason] of known) {
    const found = pattern.test(fault.all) ? reason(fault) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

const byStatus = (fault: Fault): Reason | undefined => {
  const { answer, all, told } = fault
  const message = told === "" ? `status ${answer.status}` : Infolog.summary(told)
  switch (answer.status) {
    case 401:
      return new Unauthorized({
        message: "the token was refused: wrong environment or tenant, expired, or the app is not registered in it",
      })
    case 403:
      return new Forbidden({ message: "the user's roles do not reach this entity", missing: ["entity access"] })
    case 429:
      return throttled(answer, all)
    case 404:
      return new NotFound({ message: told === "" ? "no such record or entity set" : message })
    case 409:
    case 412:
      return new Conflict({ message: "another user changed or deleted the record meanwhile" })
    default:
      return undefined
  }
}

const judged = (answer: Answer): Reason | undefined => {
  const { status } = answer
  const texts = messagesOf(answer.body)
  const told = texts.filter((text) => !GENERIC.test(text)).at(-1) ?? texts.at(-1) ?? ""
  const fault = { answer, told, all: texts.length > 0 ? texts.join(" ") : answer.text.slice(0, 2000) }
  const direct = byStatus(fault)
  if (direct !== undefined && !(status === 404 && isHtml(answer))) return direct
  if (isHtml(answer)) return unavailable(answer, `an HTML page came instead of JSON (status ${status})`)
  const named = byText(fault)
  if (named !== undefined) return named
  const message = told === "" ? `status ${status}` : Infolog.summary(told)
  if (status >= 500) return unavailable(answer, message)
  if (status === 400) return new Invalid({ message, issues: [] })
  return new Decode({ message: `unexpected status ${status}`, issues: [] })
}

/** The reason for which an answer, or a part of a batch, is a failure; undefined when it is a success. */
export const reasonOf = (answer: Answer): Reason | undefined => (answer.status >= 400 ? judged(answer) : undefined)

/** A changeset failed when its one part did; what cannot be read is told by whoever reads it. */
const changesetReason = (exchange: Exchange): Reason | undefined => {
  try {
    const [group] = Batch.decode(exchange)
    const failed = group?.answers.find(({ status }) => status >= 400)
    return failed === undefined ? undefined : reasonOf(failed)
  } catch {
    return undefined
  }
}

/** The reason for which an answer is a failure; undefined when it is a success. */
export const classify = (exchange: Exchange, operation: Operation): Reason | undefined => {
  const reason = reasonOf(exchange)
  if (reason !== undefined || operation.name !== Operations.changeset.name || exchange.status !== 200) return reason
  return changesetReason(exchange)
}

/** What Microsoft's support asks for. */
export const correlationId = ({ headers }: Exchange): string | undefined => headers.get("ms-dyn-aid") ?? undefined
