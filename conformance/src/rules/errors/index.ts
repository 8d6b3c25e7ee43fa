/** Errors: what went wrong is told in the same words for every vendor. */
import type { Rule } from "../../kit/Rule.ts"
import { badInput } from "./badInput.ts"
import { brokenBody } from "./brokenBody.ts"
import { correlation } from "./correlation.ts"
import { htmlInsteadOfJson } from "./htmlInsteadOfJson.ts"
import { noAnswer } from "./noAnswer.ts"
import { notFound } from "./notFound.ts"
import { readRetried } from "./readRetried.ts"
import { refusalNamesField } from "./refusalNamesField.ts"
import { refusedConnection } from "./refusedConnection.ts"
import { unavailable } from "./unavailable.ts"
import { versionMismatch } from "./versionMismatch.ts"

export const errors: ReadonlyArray<Rule> = [
  htmlInsteadOfJson,
  brokenBody,
  unavailable,
  readRetried,
  noAnswer,
  refusedConnection,
  notFound,
  refusalNamesField,
  badInput,
  versionMismatch,
  correlation,
]
