/** The six ports of a connector, made from one context. */

import type * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import type * as Adopt from "../Adopt.ts"
import * as Features from "../Features.ts"
import * as Identity from "../Identity.ts"
import type { Context } from "../internal/Context.ts"
import type { Mapping } from "../internal/Mapping.ts"
import * as port from "../internal/port.ts"
import { make as sourceOf } from "../internal/Source.ts"
import * as sweeps from "../internal/sweeps.ts"
import type { Writer } from "../internal/Writer.ts"
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

export const make = (context: Context): Ports => {
  const { settings } = context
  const productWriter = Product.writer(settings)
  const orderMapping = Order.mapping(settings)
  const invoiceMapping = Invoice.mapping(settings)
  const paymentMapping = Payment.mapping(settings)

  const adopting = <E extends Entity.Any>(mapping: Mapping<E>, writer: Writer<E>): Adopt.Adopting<E> => ({
    entity: mapping.entity,
    source: sourceOf(context, mapping, readableOf(mapping)),
    sourceOf: (fields) => sourceOf(context, mapping, fields),
    writer,
  })

  const accounts = adopting(Account.mapping, Account.writer)
  const contacts = adopting(Contact.mapping, Contact.writer)
  const orders = adopting(orderMapping, Order.writer)
  const invoices = adopting(invoiceMapping, Invoice.writer)
  const payments = adopting(paymentMapping, Payment.writer)
  const products: Adopt.Adopting<typeof Entities.Product> = {
    ...adopting(Product.mapping, productWriter),
    clientId: ({ fields, key }) => {
      if (typeof fields.sku === "string" && fields.sku !== "") return fields.sku
      return key === undefined ? undefined : Identity.encode(key)
    },
  }

  const references = {
    Account: port.finderOf(accounts),
    Contact: port.finderOf(contacts),
    Product: port.finderOf(products),
    Order: port.finderOf(orders),
  }

  const factsOf = <E extends Entity.Any>(mapping: Mapping<E>, writer: Writer<E>) => ({
    context,
    doctype: mapping.doctype,
    readable: readableOf(mapping),
    writable: writer.writable,
    notClearable: writer.notClearable,
    writes: true,
  })

  const made = ["totals", "prices of lines that name none", "terms, taxes and addresses of the account"]

  return {
    Account: port.make({
      context,
      mapping: Account.mapping,
      adopting: accounts,
      references,
      sweeps: (source, fields) =>
        fields.includes("billingAddress") || fields.includes("shippingAddress")
          ? [sweeps.addressesOf(context, source)]
          : [],
      features: Features.make<typeof Entities.Account>({
        ...factsOf(Account.mapping, Account.writer),
        blindTo: [
          "edits of addresses, which are documents of their own",
          "an address that was deleted",
          "an edit of the primary contact, whose email and phone the customer takes over when it is saved",
        ],
        sweep: "addresses: customers whose addresses changed are read again",
        derives: [
          "customer_group",
          "territory",
          "naming_series",
          "language",
          "links of addresses",
          "a primary contact with email and phone",
        ],
        absent: Account.absent,
      }),
    }),
    Contact: port.make({
      context,
      mapping: Contact.mapping,
      adopting: contacts,
      references,
      features: Features.make<typeof Entities.Contact>({
        ...factsOf(Contact.mapping, Contact.writer),
        blindTo: [],
        derives: ["full_name", "email_id", "phone", "mobile_no", "first_name of somebody who has none"],
        absent: Contact.absent,
      }),
    }),
    Product: port.make({
      context,
      mapping: Product.mapping,
      adopting: products,
      references,
      sweeps: (source, fields) => (fields.includes("prices") ? [sweeps.prices(context, source)] : []),
      features: Features.make<typeof Entities.Product>({
        ...factsOf(Product.mapping, productWriter),
        blindTo: ["edits of prices, which are documents of their own", "a price that ends by its date or is deleted"],
        sweep: "prices: items whose prices changed are read again",
        derives: ["item_group", "stock_uom", "item_name and description from the code"],
        absent: Product.absent,
      }),
    }),
    Order: port.make({
      context,
      mapping: orderMapping,
      adopting: orders,
      references,
      features: Features.make<typeof Entities.Order>({
        ...factsOf(orderMapping, Order.writer),
        blindTo: [],
        derives: ["company", "currency", "delivery_date", ...made],
        initialStates: Order.initialStates,
        absent: Order.absent,
      }),
    }),
    Invoice: port.make({
      context,
      mapping: invoiceMapping,
      adopting: invoices,
      references,
      sweeps: (source, fields) =>
        fields.includes("state") || fields.includes("stateAsOf") ? [sweeps.overdue(context, source)] : [],
      features: Features.make<typeof Entities.Invoice>({
        ...factsOf(invoiceMapping, Invoice.writer),
        blindTo: ["an invoice that becomes overdue at midnight, and the daily job that notes it"],
        sweep: "overdue: by due dates of invoices and of their terms",
        derives: ["company", "currency", "due_date", "payment_schedule", "debit_to", "remarks", ...made],
        initialStates: ["draft"],
        absent: Invoice.absent,
      }),
    }),
    Payment: port.make({
      context,
      mapping: paymentMapping,
      adopting: payments,
      references,
      features: Features.make<typeof Entities.Payment>({
        ...factsOf(paymentMapping, Payment.writer),
        writes: false,
        blindTo: [],
        derives: [],
        absent: Payment.absent,
      }),
    }),
  }
}
