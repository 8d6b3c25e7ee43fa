import { describe, expect } from "@effect/vitest"
import { Company } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"
import * as Relay from "@mortise/core/Relay"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { CRM, table, toCrm } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { companies, it_, type World, world } from "./support/oneRelay.ts"

/** The same accounts once more, each as the person who is behind it. */
const persons = ({ accounts, contacts }: World) =>
  Relay.make({
    name: "persons",
    source: accounts,
    target: contacts,
    table,
    direction: toCrm,
    map: ({ email, name }) => ({ email, lastName: name }),
    keyScope: "E",
  })

const people = (
  { contacts, people: source }: World,
  references: Relay.Options<never, never, never, never, never>["references"],
) =>
  Relay.make({
    name: "people",
    source,
    target: contacts,
    table,
    direction: toCrm,
    map: ({ account, email }) => ({ email, company: account }),
    ...(references === undefined ? {} : { references }),
    keyScope: "E",
  })

const ref = (scope: string, entity: string, id: string): StateStore.RecordRef => ({ scope, entity, id })

describe("a source record that two relays write into two entities of one system", () => {
  it_(
    "is linked to both, and each relay goes on with its own",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", email: "a1@example.com" })
      yield* companies(all).run
      yield* persons(all).run
      // Without our keys only the links tell which record is meant.
      for (const entity of ["Company", "Contact"]) {
        for (const row of all.crm.rows(entity)) delete (row as { key?: string }).key
      }
      all.erp.put("Account", "a1", { name: "Bianchi" })
      expect(yield* companies(all).run).toMatchObject({ updated: 1, created: 0 })
      expect(yield* persons(all).run).toMatchObject({ updated: 1, created: 0 })
      expect(all.crm.rows("Company").map(({ fields }) => fields["name"])).toEqual(["Bianchi"])
      expect(all.crm.rows("Contact").map(({ fields }) => fields["lastName"])).toEqual(["Bianchi"])
    }),
  )

  it_(
    "is pointed to as the entity that the field takes, whichever was written last",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", email: "a1@example.com" })
      all.erp.put("Contact", "p1", { email: "p1@example.com", account: { id: "a1" } })
      yield* companies(all).run
      yield* persons(all).run
      expect(yield* people(all, { company: "Account" }).run).toMatchObject({ created: 1, parked: 0 })
      const company = all.crm.rows("Company")[0]?.id
      expect(all.crm.rows("Contact").at(-1)?.fields["company"]).toMatchObject({ id: company })
    }),
  )

  it_(
    "is waited for as that entity: one of another kind does not do",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", email: "a1@example.com" })
      all.erp.put("Contact", "p1", { email: "p1@example.com", account: { id: "a1" } })
      const relay = people(all, { company: "Account" })
      yield* persons(all).run
      expect(yield* relay.run).toMatchObject({ parked: 1, created: 0 })
      const { requests } = all.erp.counts
      expect(yield* relay.unpark()).toMatchObject({ unparked: 0 })
      expect(all.erp.counts.requests).toBe(requests)
      yield* companies(all).run
      expect(yield* relay.unpark()).toMatchObject({ unparked: 1, created: 1 })
    }),
  )

  it_(
    "can be pointed to as an entity that the field does not name by itself",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", email: "a1@example.com" })
      all.erp.put("Account", "a2", { name: "Bianchi", number: "C2", billingContact: { id: "a1" } })
      const owned = Ownership.edit(table, { entities: { Company: { fields: { owner: "erp" } } } })
      yield* companies(all).run
      yield* persons(all).run
      const relay = Relay.make({
        name: "owners",
        source: all.accounts,
        target: modelPort(Company, { fetch: all.crm.fetch, scope: CRM }),
        table: owned,
        direction: toCrm,
        map: ({ billingContact }) => (billingContact === undefined ? undefined : { owner: billingContact }),
        references: { owner: { entity: "Account", to: "Contact" } },
        keyScope: "E",
      })
      expect(yield* relay.run).toMatchObject({ updated: 1, skipped: 1 })
      const person = all.crm.rows("Contact")[0]?.id
      expect(all.crm.rows("Company").at(-1)?.fields["owner"]).toMatchObject({ id: person })
    }),
  )

  it_(
    "keeps the one link when the other ends",
    Effect.gen(function* () {
      const all = world()
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1", email: "a1@example.com" })
      yield* companies(all).run
      yield* persons(all).run
      all.crm.table("Company").clear()
      all.erp.put("Account", "a1", { name: "Bianchi" })
      expect(yield* companies(all).run).toMatchObject({ rejected: { NotFound: 1 } })
      const store = yield* StateStore.StateStore
      const source = ref("erp/one/", "Account", "a1")
      yield* store.commit({ unlink: [{ source, target: { scope: "crm/two/", entity: "Company" } }] })
      const links = yield* store.linksFrom([source], { scope: "crm/two/", entity: "Contact" })
      expect([...links.values()]).toMatchObject([{ target: { entity: "Contact" } }])
    }),
  )
})

describe("an echo", () => {
  it_(
    "is one of the entity that the relay back writes, and no other's",
    Effect.gen(function* () {
      const all = world({ revisions: true })
      const both = Ownership.edit(table, {
        entities: {
          Account: { update: ["erp", "crm"], fields: { phone: "crm" } },
          Company: { fields: { phone: "crm" } },
        },
      })
      all.erp.put("Account", "a1", { name: "Rossi", number: "C1" })
      yield* companies(all).run
      // A second kind of record of the ERP that writes into the same company, after the first.
      all.erp.put("Company", "b1", { name: "Rossi Group" })
      const store = yield* StateStore.StateStore
      const [company] = all.crm.rows("Company")
      yield* store.commit({
        links: [
          { source: ref("erp/one/", "Company", "b1"), target: ref("crm/two/", "Company", company?.id ?? ""), key: "k" },
        ],
      })
      const back = Relay.make({
        name: "back",
        source: all.companies,
        target: all.accounts,
        table: both,
        direction: { writer: "crm", target: "erp" },
        map: ({ phone }) => ({ phone }),
      })
      all.crm.put("Company", company?.id ?? "", { phone: "+39" })
      expect(yield* back.run).toMatchObject({ updated: 1, created: 0 })
      expect(all.erp.rows("Account")).toMatchObject([{ id: "a1", fields: { phone: "+39" } }])
    }),
  )
})
