/** How the instance words its refusals. A `Refusal` is thrown where it arises and becomes the reply at the door. */
import type { TwinReply } from "../twin/Twin.ts"

export class Refusal extends Error {
  readonly reply: TwinReply
  constructor(reply: TwinReply) {
    super(`refused with ${reply.status}`)
    this.reply = reply
  }
}

export interface HttpErrorDetails {
  readonly exceptionMessage: string
  readonly exceptionType?: string
  readonly message?: string
  readonly inner?: { readonly exceptionMessage: string; readonly exceptionType: string }
  readonly modelState?: Readonly<Record<string, ReadonlyArray<string>>>
}

/** A trace such as an unhardened IIS shows: server paths and internals that no client should pass on. */
const trace = (type: string): string =>
  [
    `   at ${type}.Raise(Object cache) in C:\\inetpub\\wwwroot\\AcmeERP\\App_Data\\Contract.cs:line 118`,
    "   at Contract.Rest.EntityController.<Invoke>d__42.MoveNext()",
    "--- End of stack trace from previous location where exception was thrown ---",
  ].join("\r\n")

export const json = (status: number, body: unknown): TwinReply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8" },
  body,
})

export const httpError = (status: number, details: HttpErrorDetails): TwinReply => {
  const type = details.exceptionType ?? "PX.Data.PXException"
  return json(status, {
    message: details.message ?? "An error has occurred.",
    exceptionMessage: details.exceptionMessage,
    exceptionType: type,
    stackTrace: trace(type),
    ...(details.modelState === undefined ? {} : { modelState: details.modelState }),
    ...(details.inner === undefined
      ? {}
      : {
          innerException: {
            message: "An error has occurred.",
            ...details.inner,
            stackTrace: trace(details.inner.exceptionType),
          },
        }),
  })
}

export const refuse = (status: number, details: HttpErrorDetails): Refusal => new Refusal(httpError(status, details))

export const notSignedIn = (): Refusal =>
  new Refusal(json(401, { message: "You are not logged in.", exceptionMessage: null, exceptionType: null }))

export const malformed = (field: string, message: string): Refusal =>
  new Refusal(json(400, { message: "The request is invalid.", modelState: { [field]: [message] } }))

export const notFound = (what: string): Refusal =>
  refuse(404, {
    message: "Not found.",
    exceptionMessage: `${what} cannot be found.`,
    exceptionType: "PX.Api.ContractBased.NotFoundException",
  })

export const forbidden = (entity: string): Refusal =>
  refuse(403, {
    exceptionMessage: `You have insufficient rights to access the object (${entity}).`,
    exceptionType: "PX.Data.PXNotEnoughRightsException",
  })

export const preconditionFailed = (exists: boolean): Refusal =>
  refuse(412, {
    exceptionMessage: exists ? "The entity already exists." : "The entity does not exist.",
    exceptionType: "PX.Api.ContractBased.PreconditionFailedException",
  })

export const cannotOptimize = (entity: string, members: ReadonlyArray<string>): Refusal =>
  refuse(500, {
    exceptionMessage: `Optimization cannot be performed. The following fields cause the error: ${members
      .map((one) => `${entity}.${one}: There is a BqlDelegate in view ${one}`)
      .join("; ")}`,
    exceptionType: "PX.Api.ContractBased.CannotOptimizeException",
  })

export const badQuery = (message: string): Refusal =>
  refuse(500, { exceptionMessage: message, exceptionType: "Microsoft.OData.Core.ODataException" })

/** Declined by the license, and by some builds when no seat is left: a line of text, no `Retry-After`. */
export const declined = (): TwinReply => ({
  status: 429,
  headers: { "content-type": "text/plain" },
  body: "The custom error module does not recognize this error.",
})

export const loginLimit = (): TwinReply =>
  httpError(500, {
    exceptionMessage: "API Login Limit",
    exceptionType: "PX.Data.PXException",
  })

export const page = (status: number, title: string): TwinReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h2>${title}</h2></body></html>`,
})
