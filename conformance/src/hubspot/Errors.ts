/**
 * How HubSpot says no. A {@link Refusal} is thrown by whatever part finds the fault and becomes the answer, or one row
 * of `errors` when the batch is a partial one. HubSpot: guide "Error handling".
 */
import type { TwinReply } from "../twin/Twin.ts"

export type Context = Readonly<Record<string, ReadonlyArray<string>>>

export interface Detail {
  readonly message: string
  readonly code?: string
  readonly in?: string
  readonly context?: Context
}

export interface Answer {
  readonly status: number
  readonly category: string
  readonly message: string
  readonly subCategory?: string
  readonly context?: Context
  readonly errors?: ReadonlyArray<Detail>
  readonly links?: Readonly<Record<string, string>>
}

/** One refused request or one refused input. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(answer.message)
    this.answer = answer
  }
}

const optional = ({ context, errors, links, subCategory }: Answer) => ({
  ...(subCategory === undefined ? {} : { subCategory }),
  ...(context === undefined ? {} : { context }),
  ...(errors === undefined ? {} : { errors }),
  ...(links === undefined ? {} : { links }),
})

/** The envelope of a whole answer. */
export const envelope = (answer: Answer, correlationId: string): TwinReply => ({
  status: answer.status,
  headers: { "x-hubspot-correlation-id": correlationId },
  body: {
    status: "error",
    message: answer.message,
    correlationId,
    category: answer.category,
    ...optional(answer),
  },
})

/** A row of `errors` in a partial batch: no correlation id, the trace ids in the context. */
export const item = (answer: Answer, traceIds: ReadonlyArray<string>) => ({
  status: "error",
  category: answer.category,
  message: answer.message,
  ...optional(answer),
  context: { ...answer.context, ...(traceIds.length === 0 ? {} : { objectWriteTraceId: traceIds }) },
})

export const validation = (message: string, more: Partial<Answer> = {}): Refusal =>
  new Refusal({ status: 400, category: "VALIDATION_ERROR", message, ...more })

export const conflict = (message: string, more: Partial<Answer> = {}): Refusal =>
  new Refusal({ status: 409, category: "CONFLICT", message, ...more })

export const notFound = (message: string, more: Partial<Answer> = {}): Refusal =>
  new Refusal({ status: 404, category: "OBJECT_NOT_FOUND", message, ...more })

export const forbidden = (message: string, more: Partial<Answer> = {}): Refusal =>
  new Refusal({ status: 403, category: "FORBIDDEN", message, ...more })

/** A scope that the token lacks: any one of `scopes` would do. */
export const missingScopes = (scopes: ReadonlyArray<string>): Refusal => {
  const message = "This app hasn't been granted all required scopes to make this call."
  return new Refusal({
    status: 403,
    category: "MISSING_SCOPES",
    message,
    errors: [
      { message: "One or more of the following scopes are required.", context: { requiredGranularScopes: scopes } },
    ],
    links: { scopes: "https://developers.hubspot.com/scopes" },
  })
}

/** The key of an update or upsert is not unique in this portal. Observed wording. */
export const nonUnique = (typeId: string, property: string): Refusal =>
  validation(`Unable to perform update/upsert by non-unique ${typeId} property ${property}`)

/** One property value that was refused; many of them share one message. */
export interface BadValue {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** The message embeds a JSON array, as observed. */
export const badValues = (portalId: number, bad: ReadonlyArray<BadValue>): Refusal => {
  const embedded = bad.map(({ code, message, name }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId,
  }))
  return validation(`Property values were not valid: ${JSON.stringify(embedded)}`, {
    errors: bad.map(({ code, message, name }) => ({ message, code, context: { propertyName: [name] } })),
  })
}
