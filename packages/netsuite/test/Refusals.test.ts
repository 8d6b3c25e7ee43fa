import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { reasonOf, tags } = Bench
const contact = (id: number, more: object = {}) => ({
  key: `hubspot/1/|Contact|${id}`,
  fields: { firstName: "Ágnes", lastName: "Nagy", ...more },
})

describe("a write that the account refuses", () => {
  it("because a record of that name is there is a duplicate, and is not made in another way", async () => {
    const bench = Bench.make({ knobs: { sameNamedContacts: "refused" } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Contact.upsert([contact(1), contact(2), contact(3, { lastName: "Kiss" })]),
    )
    expect(tags(outcomes)).toEqual(["Created", "Rejected", "Created"])
    expect(reasonOf(outcomes[1])?._tag).toBe("Duplicate")
    expect(bench.world.all("contact").length).toBe(2)
  })

  it("because a workflow has locked the record is not attempted, and the others go through", async () => {
    const bench = Bench.make()
    const [locked, free] = bench.world.seed("customer", Seeds.customers(2))
    bench.world.lock("customer", locked?.id ?? "")
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { id: locked?.id ?? "", fields: { phone: "1" } },
        { id: free?.id ?? "", fields: { phone: "2" } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["NotAttempted", "Updated"])
    expect(reasonOf(outcomes[0])?._tag).toBe("Locked")
  })

  it("because of a reference says of our field what it points to, whatever the code", async () => {
    for (const badValueCode of ["USER_ERROR", "INVALID_CONTENT"] as const) {
      const bench = Bench.make({ knobs: { badValueCode } })
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Contact.upsert([contact(1, { account: { id: "99999" } })]),
      )
      expect(reasonOf(outcomes[0])).toMatchObject({ _tag: "MissingReference", field: "account", reference: "99999" })
    }
  })

  it("because the role may not write is forbidden, however it is told", async () => {
    for (const forbidden of [400, 403] as const) {
      const bench = Bench.make({ knobs: { forbidden }, role: { levels: { contact: "view" } } })
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Contact.upsert([contact(1)]))
      expect(reasonOf(outcomes[0])?._tag).toBe("Forbidden")
    }
  })

  it("because of a member that it does not know is told by its name, and nothing is dropped in silence", async () => {
    for (const unknownName of ["INVALID_CONTENT", "USER_ERROR"] as const) {
      const bench = Bench.make({ knobs: { unknownName } })
      const config = Bench.options(bench, { defaults: { Contact: { nickname: "A" } } })
      const outcomes = await Bench.use(bench, config, ({ ports }) => ports.Contact.upsert([contact(1)]))
      expect(reasonOf(outcomes[0])?._tag).toBe("Invalid")
      expect(reasonOf(outcomes[0])?.message).toMatch(/nickname/)
      expect(bench.world.all("contact")).toEqual([])
    }
  })
})
