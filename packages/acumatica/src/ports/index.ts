/** The six ports of a connector, made from one context. */

import * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import type * as Adopt from "../Adopt.ts"
import * as Features from "../Features.ts"
import * as Identity from "../Identity.ts"
import * as applications from "../internal/applications.ts"
import type { Context } from "../internal/Context.ts"
import * as Form from "../internal/Form.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as port from "../internal/port.ts"
import { served } from "../internal/served.ts"
import type { Source } from "../internal/source.ts"
import * as sweeps from "../internal/sweeps.ts"
import * as union from "../internal/union.ts"
import type { Writer } from "../internal/Writer.ts"
import { isFrom, type Resource } from "../Versions.ts"
import * as Account from "./Account.ts"
import * as Contact from "./Contact.ts"
import * as Invoice from "./Invoice.ts"
import { ledgerDraft, salesDraft } from "./invoiceDraft.ts"
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

/** The fields that any of these mappings reads in the pinned version. */
const readableOf = <E extends Entity.Any>(
  entity: E,
  mappings: ReadonlyArray<{ readonly members: { readonly [field: string]: unknown } }>,
): ReadonlyArray<Entity.FieldName<E>> =>
  Object.keys(entity.fields).filter((field) =>
    mappings.some((mapping) => mapping.members[field] !== undefined),
  ) as unknown as ReadonlyArray<Entity.FieldName<E>>

/** Makes the forms of an entity, each with the fields that it reads. */
const former = (context: Context) => {
  const facts: Effect.Effect<Facts, never> = Effect.map(context.today, (today) => ({
    settings: context.settings,
    today,
  }))
  return <E extends Entity.Any, R extends Resource>(mapping: Mapping<E, R>, writer: Writer<E, R>): Form.Form<E> =>
    Form.make({ context, mapping, writer, facts, fields: readableOf(mapping.entity, [mapping]) })
}

export const make = (context: Context): Ports => {
  const { settings } = context
  const form = former(context)
  const stamped = (...resources: ReadonlyArray<Resource>) => Features.isStamped(settings, resources)

  const accountMapping = Account.mapping(settings)
  const contactMapping = Contact.mapping(settings)
  const orderMapping = Order.mapping(settings)
  const paymentMapping = Payment.mapping(settings)
  const [sales, ledger] = [Invoice.sales(settings), Invoice.ledger(settings)]
  const [stock, nonStock] = [Product.stock(settings), Product.nonStock(settings)]

  const accountForm = form(accountMapping, Account.writer(settings))
  const contactForm = form(contactMapping, Contact.writer)
  const orderForm = form(orderMapping, Order.writer(settings))
  const paymentForm = form(paymentMapping, Payment.writer(settings))
  const appliedForm = form(Payment.applications(settings), Payment.writer(settings))
  const salesForm = form(sales, salesDraft(settings))
  const ledgerForm = form(ledger, ledgerDraft)
  const stockForm = form(stock, Product.stockWriter(settings))
  const nonStockForm = form(nonStock, Product.nonStockWriter(settings))

  const one = <E extends Entity.Any>(entity: E, only: Form.Form<E>): Adopt.Adopting<E> => ({
    entity,
    settings,
    forms: [only],
    formFor: () => only,
  })

  const had = <E extends Entity.Any>(forms: ReadonlyArray<Form.Form<E>>, resources: ReadonlyArray<Resource>) =>
    forms.filter((each) => resources.includes(each.resource))
  const sourceOf =
    <E extends Entity.Any>(forms: ReadonlyArray<Form.Form<E>>) =>
    (fields: ReadonlyArray<string>): Source<Entity.Record<E>> => {
      const [first, second] = forms.map((each) => each.source(fields)) as [
        Source<Entity.Record<E>>,
        Source<Entity.Record<E>>?,
      ]
      return second === undefined ? first : union.make(first, second)
    }
  const resourcesOf = <E extends Entity.Any>(forms: ReadonlyArray<Form.Form<E>>) =>
    forms.map((each) => each.resource) as [Resource, ...ReadonlyArray<Resource>]

  const itemForms = had([stockForm, nonStockForm], served(settings).Product)
  const invoiceForms = had([salesForm, ledgerForm], served(settings).Invoice)

  const products: Adopt.Adopting<typeof Entities.Product> = {
    entity: Entities.Product,
    settings,
    forms: itemForms,
    formFor: (patch) => (patch.kind?.code === "stock" ? stockForm : nonStockForm),
    clientId: ({ fields, key }) => {
      if (typeof fields.sku === "string" && fields.sku !== "") return fields.sku
      const identity = Identity.of(settings, "StockItem")
      return key === undefined || identity === undefined ? undefined : ExternalKey.encode(key, identity)
    },
  }

  const drafts = settings.draftsAs === "SalesInvoice" ? salesForm : ledgerForm
  const invoices: Adopt.Adopting<typeof Entities.Invoice> = {
    ...one(Entities.Invoice, drafts),
    forms: [drafts, ...invoiceForms.filter((each) => each !== drafts)],
  }
  const accounts = one(Entities.Account, accountForm)
  const orders = one(Entities.Order, orderForm)

  const references = {
    Account: port.finderOf({ context, adopting: accounts }),
    Product: port.finderOf({ context, adopting: products }),
    Order: port.finderOf({ context, adopting: orders }),
    Invoice: port.finderOf({ context, adopting: invoices }),
  }

  const invoiceWriter = drafts.writer

  return {
    Account: port.make({
      context,
      entity: Entities.Account,
      stamped: stamped("Customer"),
      source: accountForm.source,
      adopting: accounts,
      references,
      sweeps: (source, fields) =>
        fields.some((field) => SIDE_TABLES.has(field))
          ? [sweeps.contacts(contactForm.source(["account"]), source)]
          : [],
      features: Features.make<typeof Entities.Account>({
        settings,
        resources: ["Customer"],
        readable: readableOf(Entities.Account, [accountMapping]),
        writable: accountForm.writer.writable,
        notClearable: accountForm.writer.notClearable,
        blindTo: ["edits of addresses and contact data, which live in tables of their own"],
        sweep: "contacts: customers whose contacts changed are read again; a slow full reading finds the rest",
        derives: ["CustomerClass defaults", "MainContact.CompanyName"],
        absent: Account.absent,
      }),
    }),
    Contact: port.make({
      context,
      entity: Entities.Contact,
      stamped: stamped("Contact"),
      source: contactForm.source,
      adopting: one(Entities.Contact, contactForm),
      references,
      features: Features.make<typeof Entities.Contact>({
        settings,
        resources: ["Contact"],
        readable: readableOf(Entities.Contact, [contactMapping]),
        writable: contactForm.writer.writable,
        notClearable: contactForm.writer.notClearable,
        blindTo: ["edits of an address that the contact shares with its account"],
        derives: ["DisplayName"],
        absent: Contact.absent,
      }),
    }),
    Product: port.make({
      context,
      entity: Entities.Product,
      stamped: stamped(...resourcesOf(itemForms)),
      source: sourceOf(itemForms),
      adopting: products,
      references,
      features: Features.make<typeof Entities.Product>({
        settings,
        resources: resourcesOf(itemForms),
        readable: readableOf(Entities.Product, [stock, nonStock]),
        writable: [...stockForm.writer.writable, "kind"],
        notClearable: [...stockForm.writer.notClearable, "kind"],
        blindTo: ["prices of price lists and quantities in warehouses, which live in tables of their own"],
        derives: ["ItemClass defaults"],
        absent: Product.absent,
      }),
    }),
    Order: port.make({
      context,
      entity: Entities.Order,
      stamped: stamped("SalesOrder"),
      source: orderForm.source,
      adopting: orders,
      references,
      features: Features.make<typeof Entities.Order>({
        settings,
        resources: ["SalesOrder"],
        readable: readableOf(Entities.Order, [orderMapping]),
        writable: orderForm.writer.writable,
        notClearable: orderForm.writer.notClearable,
        blindTo: [],
        derives: ["totals", "prices of lines that name none", "terms and addresses of the account"],
        initialStates: Order.initialStates,
        absent: Order.absent,
      }),
    }),
    Invoice: port.make({
      context,
      entity: Entities.Invoice,
      stamped: stamped(...resourcesOf(invoiceForms)),
      source: sourceOf(invoiceForms),
      adopting: invoices,
      references,
      sweeps: (source, fields) =>
        fields.some((field) => MOVED_BY_OTHERS.has(field))
          ? [
              sweeps.overdue(settings, source),
              ...(isFrom(settings.version, "20.200.001")
                ? [sweeps.applications(appliedForm.source(applications.fields), source)]
                : []),
            ]
          : [],
      features: Features.make<typeof Entities.Invoice>({
        settings,
        resources: resourcesOf(invoices.forms),
        readable: readableOf(Entities.Invoice, [sales, ledger]),
        writable: invoiceWriter.writable,
        notClearable: invoiceWriter.notClearable,
        blindTo: [
          "an invoice that becomes overdue at midnight",
          "a payment that is applied, taken back or voided",
          "a credit note that is applied, where the form of payments does not show it",
        ],
        sweep:
          "overdue: by due date and balance; applications: invoices that a changed payment names are read again, and the open ones of its customer when something of it is not spent",
        derives: ["totals", "DueDate from the terms", "prices of lines that name none"],
        initialStates: ["draft"],
        absent: Invoice.absent,
      }),
    }),
    Payment: port.make({
      context,
      entity: Entities.Payment,
      stamped: stamped("Payment"),
      source: paymentForm.source,
      adopting: one(Entities.Payment, paymentForm),
      references,
      features: Features.make<typeof Entities.Payment>({
        settings,
        resources: ["Payment"],
        readable: readableOf(Entities.Payment, [paymentMapping]),
        writable: paymentForm.writer.writable,
        notClearable: paymentForm.writer.notClearable,
        blindTo: [],
        derives: ["AvailableBalance"],
        initialStates: ["draft"],
        absent: Payment.absent,
      }),
    }),
  }
}

/** Fields of an account that other tables hold. */
const SIDE_TABLES = new Set(["email", "phone", "web", "domain", "billingAddress", "shippingAddress"])

/** Fields of an invoice that change by the calendar or by payments. */
const MOVED_BY_OTHERS = new Set(["state", "stateAsOf", "balance"])
