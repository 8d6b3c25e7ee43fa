/** What the vendor answers when it refuses, in its own statuses and words. */
import type { TwinReply } from "../twin/Twin.ts"
import type { Code, Errors, Problem } from "./Declaration.ts"

/** Thrown inside of a request, and answered. */
export class Refused extends Error {
  override readonly name = "Refused"
  readonly problem: Omit<Problem, "status">
  readonly headers: Readonly<Record<string, string>>

  constructor(problem: Omit<Problem, "status">, headers: Readonly<Record<string, string>> = {}) {
    super(problem.message)
    this.problem = problem
    this.headers = headers
  }
}

const STATUS: Readonly<Record<Code, number>> = {
  unauthorized: 401,
  notFound: 404,
  invalid: 422,
  missing: 422,
  duplicate: 409,
  reference: 422,
  stale: 412,
  throttled: 429,
  unavailable: 503,
}

const plain = ({ code, existingId, field, message }: Problem): unknown => ({
  error: {
    code,
    message,
    ...(field === undefined ? {} : { field }),
    ...(existingId === undefined ? {} : { existing_id: existingId }),
  },
})

export const reply = (
  errors: Errors | undefined,
  problem: Omit<Problem, "status"> & { readonly status?: number },
  headers: Readonly<Record<string, string>> = {},
): TwinReply => {
  const status = problem.status ?? errors?.status?.[problem.code] ?? STATUS[problem.code]
  return { status, headers, body: (errors?.body ?? plain)({ ...problem, status }) }
}
