/** Attaches contacts to customers and documents, and detaches them. */
import type { TwinReply } from "../twin/Twin.ts"
import * as Body from "./Body.ts"
import { type Call, permit } from "./Call.ts"
import * as Errors from "./Errors.ts"
import type { Doc } from "./Record.ts"

const DONE: TwinReply = { status: 204, changed: true }

const roleOf = (call: Call): string | null => {
  if (call.request.body === "") return null
  const body = Body.parse(call.request.body) as {
    readonly role?: { readonly id?: unknown; readonly externalId?: unknown }
  }
  if (body.role === undefined) return null
  const id = String(body.role.id ?? "")
  if (call.world.table("contactRole").get(id) === undefined) {
    throw Errors.badValue(call.world.knobs.badValueCode, id, "role", "role")
  }
  return id
}

export const handle = (call: Call, to: Doc, attach: boolean, contactId: string): TwinReply => {
  const { world } = call
  permit(call, to.type, "full")
  if (!/^\d+$/.test(contactId)) throw Errors.badRequest("A contact is attached by its internal ID.")
  if (world.get("contact", contactId) === undefined) throw Errors.gone()
  const { state } = world
  const isIt = (one: { readonly contact: string; readonly to: string }) => one.contact === contactId && one.to === to.id
  const there = state.attachments.some(isIt)
  if (!attach) {
    if (!there) throw Errors.gone()
    state.attachments = state.attachments.filter((one) => !isIt(one))
  } else {
    if (there && world.knobs.attachedAgain === "refused") throw Errors.userError("This contact is already attached.")
    state.attachments.push({ contact: contactId, to: to.id, role: roleOf(call) })
  }
  return DONE
}
