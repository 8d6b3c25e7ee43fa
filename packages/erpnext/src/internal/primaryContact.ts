/**
 * Mail and phone of a customer are copies of those of its primary contact, taken when the customer is saved. So they are
 * written there first; the save of the customer that follows takes them over.
 */

import { ConnectorError, Invalid } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Context } from "./Context.ts"
import { clearing, emailsOf, phonesOf, rowsOf, type Wanted } from "./contactRows.ts"
import { textOf } from "./Doc.ts"
import { definedBody } from "./Writer.ts"

/** Somebody who saves the contact each time in between is let have it. */
const ROUNDS = 4

export const write = (
  context: Context,
  name: string,
  wanted: Wanted,
  rounds = ROUNDS,
): Effect.Effect<void, ConnectorError> =>
  Effect.gen(function* () {
    const { documents } = context
    const read = yield* documents.get("Contact", name)
    // A contact that is gone leaves the customer what it has.
    if (Option.isNone(read)) return
    const issues = clearing(wanted, rowsOf(read.value, "email_ids"))
    if (issues.length > 0) {
      const message = issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")
      const reason = new Invalid({ message, issues })
      return yield* Effect.fail(new ConnectorError({ system: "erpnext", operation: "erpnext.Contact.update", reason }))
    }
    const modified = textOf(read.value, "modified") ?? ""
    const changes = definedBody({
      email_ids: emailsOf(wanted, rowsOf(read.value, "email_ids")),
      phone_nos: phonesOf(wanted, rowsOf(read.value, "phone_nos")),
    })
    const lookup = Effect.map(
      documents.get("Contact", name),
      Option.filter((found) => textOf(found, "modified") !== modified),
    )
    const saved = yield* Effect.result(documents.updateIfKnown("Contact", name, { modified, changes, lookup }))
    if (saved._tag === "Success") return
    if (saved.failure.reason._tag !== "Conflict" || rounds === 0) return yield* Effect.fail(saved.failure)
    yield* write(context, name, wanted, rounds - 1)
  })
