/** The ports, put together from their mappings. */

import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import type { EntityName } from "../Config.ts"
import * as Features from "../Features.ts"
import * as Filter from "../Filter.ts"
import type { Context } from "../internal/Context.ts"
import * as Form from "../internal/Form.ts"
import type { Mapping } from "../internal/Mapping.ts"
import * as port from "../internal/port.ts"
import type * as References from "../internal/References.ts"
import * as sweeps from "../internal/sweeps.ts"
import type { Writer } from "../internal/Writer.ts"
import * as Tables from "../Tables.ts"
import * as Account from "./Account.ts"
import * as Contact from "./Contact.ts"
import * as Invoice from "./Invoice.ts"
import * as Order from "./Order.ts"
import * as Payment from "./Payment.ts"
import * as Product from "./Product.ts"

export interface Ports {
  readonly Account: Port.Port<typeof Entities.Account>
  readonly Contact: Port.Port<typeof Entities.Contact>
  readonly Product: Port.Port<typeof Entities.Product>
  readonly Order: Port.Port<typeof Entities.Order>
  readonly Invoice: Port.Port<typeof Entities.Invoice>
  readonly Payment: Port.Port<typeof Entities.Payment>
  readonly [entity: string]: Port.Any
}

const readableOf = <E extends Entity.Any>({ entity, members }: Mapping<E>): ReadonlyArray<Entity.FieldName<E>> =>
  Object.keys(entity.fields).filter((field) => members[field] !== undefined) as unknown as ReadonlyArray<
    Entity.FieldName<E>
  >

/** How what a patch points to is found. */
const referencesOf = (context: Context): References.Finders => ({
  Account: port.finderOf(context, { entity: "Account", table: "customer", number: "entityid" }),
  Product: port.finderOf(context, { entity: "Product", table: "item", number: "itemid" }),
  Order: port.finderOf(context, {
    entity: "Order",
    table: "transaction",
    number: "tranid",
    where: Filter.equals("type", Tables.TYPES.order),
  }),
  Invoice: port.finderOf(context, {
    entity: "Invoice",
    table: "transaction",
    number: "tranid",
    where: Filter.equals("type", Tables.TYPES.invoice),
  }),
})

interface Parts<E extends Entity.Any> {
  readonly mapping: Mapping<E>
  readonly writer: Writer<E>
  readonly facts: Omit<Features.Facts<E>, "settings" | "entity" | "readable" | "written"> & { readonly writes: boolean }
  readonly sweeps?: port.PortOptions<E>["sweeps"]
}

/** Makes a port of its parts; deletions are found for all of them in the same way. */
const maker = (context: Context) => {
  const { settings } = context
  const references = referencesOf(context)
  return <E extends Entity.Any>({ facts, mapping, sweeps: own, writer }: Parts<E>): Port.Port<E> => {
    const { entity } = mapping
    const readable = readableOf(mapping)
    const { writes, ...rest } = facts
    const { notClearable, writable } = writer
    const deletions = settings.deletions ? [sweeps.deletions<Entity.Record<E>>(context, entity.name as EntityName)] : []
    return port.make({
      context,
      entity,
      form: Form.make({ context, mapping, writer, fields: readable }),
      references,
      sweeps: (source, fields) => [...(own?.(source, fields) ?? []), ...deletions],
      features: Features.make<E>({
        ...rest,
        settings,
        entity,
        readable,
        ...(writes ? { written: { writable, notClearable } } : {}),
      }),
    })
  }
}

export const make = (context: Context): Ports => {
  const { settings } = context
  const made = maker(context)
  return {
    Account: made({
      mapping: Account.mapping,
      writer: Account.writer(settings),
      sweeps: (source, fields) =>
        fields.some((field) => OWED.has(field))
          ? [sweeps.balances(context, source), sweeps.overdueBalances(context, source)]
          : [],
      facts: {
        writes: true,
        blindTo: ["what a customer owes, which documents change", "what becomes overdue at midnight"],
        sweep: "balances: customers of documents that changed are read again; overdueBalances: by due date and balance",
        derives: ["entityId where numbers are given by the account", "defaults of the customer's form"],
        absent: Account.absent,
      },
    }),
    Contact: made({
      mapping: Contact.mapping,
      writer: Contact.writer,
      facts: {
        writes: true,
        blindTo: ["further customers that a contact is attached to"],
        derives: ["entityId of the names"],
        absent: Contact.absent,
      },
    }),
    Product: made({
      mapping: Product.mapping(settings),
      writer: Product.writer(settings),
      facts: {
        writes: true,
        blindTo: ["quantities in locations"],
        derives: ["prices of other levels, where they follow the base price", "defaults of the item's form"],
        absent: Product.absent,
      },
    }),
    Order: made({
      mapping: Order.mapping(settings),
      writer: Order.writer,
      facts: {
        writes: true,
        blindTo: [],
        derives: ["totals", "prices of lines that name none", "terms and addresses of the customer"],
        initialStates: Order.initialStates,
        absent: Order.absent,
      },
    }),
    Invoice: made({
      mapping: Invoice.mapping(settings),
      writer: Invoice.writer,
      sweeps: (source, fields) =>
        fields.some((field) => MOVED_BY_OTHERS.has(field))
          ? [sweeps.overdue(context, source), sweeps.applications(context, source)]
          : [],
      facts: {
        writes: settings.invoices?.approvalRouting === true,
        blindTo: [
          "an invoice that becomes overdue at midnight",
          "a payment or a credit that is applied, taken back or voided, where that does not move the invoice's own stamp",
        ],
        sweep:
          "overdue: by due date and balance; applications: invoices that a changed payment pays are read again, and the open ones of its customer when something of it is not spent",
        derives: ["totals", "dueDate from the terms", "prices of lines that name none"],
        ...(settings.invoices?.approvalRouting === true ? { initialStates: ["draft"] } : {}),
        absent: Invoice.absent(settings),
      },
    }),
    Payment: made({
      mapping: Payment.mapping,
      writer: Payment.writer,
      facts: { writes: false, blindTo: [], derives: [], absent: Payment.absent },
    }),
  }
}

/** Fields of an account that its documents change. */
const OWED = new Set(["balance", "overdueBalance", "creditHold", "status"])

/** Fields of an invoice that change by the calendar or by payments. */
const MOVED_BY_OTHERS = new Set(["state", "stateAsOf", "balance"])
