/** The six ports of a connector, made from one context. */

import * as Entities from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Port from "@mortise/core/Port"
import type * as Adopt from "../Adopt.ts"
import * as Features from "../Features.ts"
import * as Behind from "../internal/behind.ts"
import type { Context } from "../internal/Context.ts"
import * as Form from "../internal/Form.ts"
import type { Mapping, WrittenMapping } from "../internal/Mapping.ts"
import * as port from "../internal/port.ts"
import * as single from "../internal/single.ts"
import type { Source } from "../internal/source.ts"
import type { Writer } from "../internal/Writer.ts"
import type { Resource, Stamped } from "../Sets.ts"
import * as Account from "./Account.ts"
import * as Contact from "./Contact.ts"
import * as Invoice from "./Invoice.ts"
import * as Draft from "./invoiceDraft.ts"
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

/** The fields that any of these mappings reads. */
const readableOf = <E extends Entity.Any>(
  entity: E,
  ...mappings: ReadonlyArray<Pick<Mapping<E, Resource>, "members">>
): ReadonlyArray<Entity.FieldName<E>> =>
  Object.keys(entity.fields).filter((field) =>
    mappings.some(({ members }) => members[field] !== undefined),
  ) as unknown as ReadonlyArray<Entity.FieldName<E>>

/** What only other sets tell is not asked for when a record is written, unless it is compared with what is to be written. */
const formFields = <E extends Entity.Any, R extends Resource>(
  { beside, entity, members }: Mapping<E, R>,
  writable: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  Object.keys(entity.fields).filter(
    (field) => members[field] !== undefined && (!beside?.fields.includes(field) || writable.includes(field)),
  )

interface Halves<E extends Entity.Any> extends Adopt.Adopting<E> {
  readonly whole: Adopt.Adopting<E>
}

/** The halves that ports are made of. */
const halves = (context: Context) => {
  const source =
    <E extends Entity.Any, R extends Resource>(mapping: Mapping<E, R>) =>
    (fields: ReadonlyArray<string>): Source<Entity.Record<E>> =>
      single.make(context, mapping, fields)
  /** `whole`: with what other sets tell, for finding. */
  const adopting = <E extends Entity.Any, R extends Resource>(
    mapping: WrittenMapping<E, R>,
    writer: Writer<E, R>,
  ): Halves<E> => {
    const withFields = (fields: ReadonlyArray<string>): Adopt.Adopting<E> => ({
      entity: mapping.entity,
      settings: context.settings,
      form: Form.make({ context, mapping, writer, fields }),
    })
    return {
      ...withFields(formFields(mapping, writer.writable)),
      whole: withFields(readableOf(mapping.entity, mapping)),
    }
  }
  const stamp = (resource: Stamped) => (context.stamped.has(resource) ? { stamped: resource } : {})
  return { source, adopting, stamp }
}

export const make = (context: Context): Ports => {
  const { settings } = context
  const { adopting, source, stamp } = halves(context)

  const accountMapping = Account.mapping(settings)
  const contactMapping = Contact.mapping(settings)
  const orderMapping = Order.mapping(settings)
  const draftMapping = Draft.mapping(settings)
  const salesMapping = Invoice.mapping(settings)
  const paymentMapping = Payment.mapping(settings)

  const accounts = adopting(accountMapping, Account.writer(settings))
  const contacts = adopting(contactMapping, Contact.writer)
  const orders = adopting(orderMapping, Order.writer(settings))
  const drafts = { ...adopting(draftMapping, Draft.writer), refuses: Invoice.refuses }

  const references = {
    Account: port.finderOf(source(accountMapping)(["number"]), accounts),
    Product: port.finderOf(source(Product.mapping)(["sku"])),
  }

  const invoices = (fields: ReadonlyArray<string>) =>
    Behind.make(
      { prefix: Draft.PREFIX, source: source(draftMapping)(fields) },
      { prefix: Invoice.PREFIX, source: source(salesMapping)(fields) },
    )

  return {
    Account: port.make({
      context,
      entity: Entities.Account,
      ...stamp("CustomersV3"),
      source: source(accountMapping),
      adopting: accounts,
      finding: accounts.whole,
      references,
      features: Features.make<typeof Entities.Account>({
        settings,
        resource: "CustomersV3",
        stamped: context.stamped.has("CustomersV3"),
        readable: readableOf(Entities.Account, accountMapping),
        writable: accounts.form.writer.writable,
        notClearable: accounts.form.writer.notClearable,
        blindTo: [
          "edits of the name, of addresses, emails and phones, which live in the tables of the party",
          "invoices and payments, which move the balance and not the customer",
        ],
        derives: ["NameAlias", "LanguageId", "PartyNumber", "group defaults"],
        absent: Account.absent,
      }),
    }),
    Contact: port.make({
      context,
      entity: Entities.Contact,
      source: source(contactMapping),
      adopting: contacts,
      finding: contacts.whole,
      references,
      features: Features.make<typeof Entities.Contact>({
        settings,
        resource: "ContactPersons",
        stamped: false,
        readable: readableOf(Entities.Contact, contactMapping),
        writable: contacts.form.writer.writable,
        notClearable: contacts.form.writer.notClearable,
        derives: ["ContactPersonName", "ContactPersonPartyNumber", "LastEditDateTime"],
        absent: Contact.absent,
      }),
    }),
    Product: port.make({
      context,
      entity: Entities.Product,
      ...stamp("ReleasedProductsV2"),
      source: source(Product.mapping),
      references,
      features: Features.make<typeof Entities.Product>({
        settings,
        stamped: context.stamped.has("ReleasedProductsV2"),
        readable: readableOf(Entities.Product, Product.mapping),
        blindTo: [
          "the name and description, which are the shared product's",
          "prices, which live in a table of their own",
        ],
        absent: Product.absent,
      }),
    }),
    Order: port.make({
      context,
      entity: Entities.Order,
      ...stamp("SalesOrderHeadersV2"),
      source: source(orderMapping),
      adopting: orders,
      finding: orders.whole,
      references,
      features: Features.make<typeof Entities.Order>({
        settings,
        resource: "SalesOrderHeadersV2",
        stamped: context.stamped.has("SalesOrderHeadersV2"),
        readable: readableOf(Entities.Order, orderMapping),
        writable: orders.form.writer.writable,
        notClearable: orders.form.writer.notClearable,
        blindTo: ["edits of lines, which have a stamp of their own"],
        derives: ["prices of lines that name none", "LineAmount", "terms and addresses of the account", "state"],
        initialStates: Order.initialStates,
        absent: Order.absent,
      }),
    }),
    Invoice: port.make({
      context,
      entity: Entities.Invoice,
      source: invoices,
      adopting: drafts,
      finding: drafts.whole,
      references,
      features: Features.make<typeof Entities.Invoice>({
        settings,
        resource: "FreeTextInvoiceHeaders",
        stamped: false,
        readable: readableOf(Entities.Invoice, draftMapping, salesMapping),
        writable: drafts.form.writer.writable,
        notClearable: drafts.form.writer.notClearable,
        derives: ["DueDate from the terms", "amounts of lines", "PostingProfile"],
        initialStates: ["draft"],
        absent: Invoice.absent,
      }),
    }),
    Payment: port.make({
      context,
      entity: Entities.Payment,
      source: source(paymentMapping),
      references,
      features: Features.make<typeof Entities.Payment>({
        settings,
        stamped: false,
        readable: readableOf(Entities.Payment, paymentMapping),
        absent: Payment.absent(settings),
      }),
    }),
  }
}
