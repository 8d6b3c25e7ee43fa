/** Ledgerette's customers by handlers of one's own, and the world that they stand in. */
import * as HandlerTwin from "@mortise/conformance/HandlerTwin"
import type { Options, TwinClock } from "@mortise/conformance/twin/Twin"
import { HttpResponse, http } from "msw"
import { ORIGIN, TOKEN } from "../ledgerette/twin.ts"

type Customer = { id: number; name: string; email: string | null; phone: string | null; updated_at: string }
type Books = { next: number; customers: Array<Customer>; written: Array<number> }

const stamp = (millis: number) => new Date(Math.floor(millis / 1000) * 1000).toISOString()

const refused = (status: number, message: string, field?: string) =>
  HttpResponse.json({ error: { message, field } }, { status })

const handlers = (books: Books, clock: TwinClock) => {
  const url = `${ORIGIN}/v1/customers`
  const find = (id: unknown) => books.customers.find((one) => String(one.id) === id)
  const wrong = ({ name }: Partial<Customer>) => name !== undefined && name.length > 100
  return [
    http.all(`${ORIGIN}/*`, ({ request }) =>
      request.headers.get("authorization") === `Bearer ${TOKEN}` ? undefined : refused(401, "who are you?"),
    ),
    http.get(url, ({ request }) => {
      const asked = new URL(request.url).searchParams
      const [from, before, email] = ["updated_from", "updated_before", "email"].map((name) => asked.get(name))
      const found = books.customers
        .filter((one) => (!email || one.email === email) && (!from || one.updated_at >= stamp(Date.parse(from))))
        .filter((one) => !before || one.updated_at < stamp(Date.parse(before)))
      const size = Math.min(50, Number(asked.get("per_page") ?? 20))
      const first = (Number(asked.get("page") ?? 1) - 1) * size
      return HttpResponse.json({ data: found.slice(first, first + size), total: found.length })
    }),
    http.get(`${url}/:id`, ({ params }) => {
      const customer = find(params["id"])
      return customer ? HttpResponse.json(customer) : refused(404, "no such customer")
    }),
    http.post(url, async ({ request }) => {
      const fields = (await request.json()) as Partial<Customer>
      if (wrong(fields) || fields.name === undefined) return refused(422, "the name is wrong", "name")
      const id = books.next++
      const customer = { email: null, phone: null, ...fields, name: fields.name, id, updated_at: stamp(clock.now()) }
      books.customers.push(customer)
      books.written.push(id)
      return HttpResponse.json(customer, { status: 201 })
    }),
    http.patch(`${url}/:id`, async ({ params, request }) => {
      const fields = (await request.json()) as Partial<Customer>
      const customer = find(params["id"])
      if (customer === undefined) return refused(404, "no such customer")
      if (wrong(fields)) return refused(422, "the name is too long", "name")
      books.written.push(customer.id)
      return HttpResponse.json(Object.assign(customer, fields, { updated_at: stamp(clock.now()) }))
    }),
  ]
}

/** What a person does in the vendor's own screens. */
const world = (books: Books, clock: TwinClock): HandlerTwin.HandlerWorld => ({
  dump: () => structuredClone(books),
  load: (dump) => void Object.assign(books, structuredClone(dump)),
  // Without the stamp: two runs that leave the same records leave them at other times.
  all: (collection) =>
    collection === "customers"
      ? books.customers.map(({ id, updated_at: _, ...one }) => ({ ...one, id: String(id) }))
      : [],
  isWritten: (_, id) => books.written.includes(Number(id)),
  seed: (_, rows, { at = clock.now() } = {}) =>
    rows.map((row) => {
      const id = books.next++
      books.customers.push({ name: "", email: null, phone: null, ...row, id, updated_at: stamp(at) })
      return String(id)
    }),
  edit: (_, id, fields, { at = clock.now() } = {}) => {
    const customer = books.customers.find((one) => String(one.id) === id)
    if (customer !== undefined) Object.assign(customer, fields, { updated_at: stamp(at) })
  },
  remove: (_, id) => {
    books.customers = books.customers.filter((one) => String(one.id) !== id)
  },
})

export const make = ({ clock }: Options) => {
  const books: Books = { next: 1001, customers: [], written: [] }
  const made = { name: "ledgerette", origin: ORIGIN, handlers: handlers(books, clock), world: world(books, clock) }
  return HandlerTwin.make(made, { clock })
}
