/**
 * Every call that the client makes, with what a retry of it may do. A repeated create makes a second document under a
 * second name without a word, so it is looked up by its unique field. An update sets absolute values and whole child
 * tables: it may be repeated, but not with the stamp that guards against overwriting, for its own first try moves that.
 */
import * as Replay from "@mortise/core/Replay"
import { SITE } from "./Limits.ts"

export { SITE }

const name = (family: string, verb: string) => `erpnext.${family}.${verb}`

/** `Sales Order` in names of operations: `SalesOrder`. */
const word = (doctype: string): string => doctype.replaceAll(" ", "")

/** The operations on documents of one doctype. */
export const documents = (doctype: string) => ({
  list: Replay.read(name(word(doctype), "list"), SITE),
  count: Replay.read(name(word(doctype), "count"), SITE),
  get: Replay.read(name(word(doctype), "get"), SITE),
  create: Replay.write(name(word(doctype), "create"), SITE, "keyed"),
  update: Replay.write(name(word(doctype), "update"), SITE, "safe"),
  updateGuarded: Replay.write(name(word(doctype), "updateGuarded"), SITE, "keyed"),
  remove: Replay.write(name(word(doctype), "remove"), SITE, "safe"),
})
export type Documents = ReturnType<typeof documents>

export const methods = {
  loggedUser: Replay.read(name("methods", "loggedUser"), SITE),
  versions: Replay.read(name("methods", "versions"), SITE),
  timeZone: Replay.read(name("methods", "timeZone"), SITE),
  getdoctype: Replay.read(name("methods", "getdoctype"), SITE),
  /** All or none; with a unique field in every row a repeat fails as a whole, and then the rows are read. */
  insertMany: Replay.write(name("methods", "insertMany"), SITE, "keyed"),
  renameDoc: Replay.write(name("methods", "renameDoc"), SITE, "keyed"),
}
