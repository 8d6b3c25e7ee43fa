import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Routes from "../src/Routes.ts"
import { key, open, readAll, reasonOf, tags } from "./portal.ts"

const families = (lines: ReadonlyArray<{ readonly url: string }>) =>
  [
    ...new Set(
      lines.map(({ url }) => {
        const [, ...parts] = new URL(url).pathname.split("/")
        return parts
          .filter((part) =>
            /^(crm|account-info|objects|properties|pipelines|owners|associations|v\d|20\d\d-\d\d)$/.test(part),
          )
          .join("/")
      }),
    ),
  ].sort()

const exercise = (portal: ReturnType<typeof open>, config: Parameters<typeof portal.ready>[0]) =>
  portal.run(
    Effect.gen(function* () {
      const { ports } = yield* portal.ready(config)
      yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "A" } }])
      const contact = {
        key: key("Contact", "1"),
        fields: { email: "a@x.example", company: { key: key("Account", "1") } },
      }
      expect(tags(yield* ports.Contact.upsert([contact]))).toEqual(["Created"])
      expect(tags(yield* ports.Contact.upsert([contact]))).toEqual(["Unchanged"])
      yield* ports.Contact.upsert([{ ...contact, fields: { ...contact.fields, company: null } }])
      yield* portal.later
      expect((yield* readAll(ports.Contact)).changes).toHaveLength(1)
      yield* readAll(ports.Deal)
    }),
  )

describe("the versions of HubSpot's API", () => {
  it("are 2026-09 for objects, properties, pipelines and account, and 2026-03 for batch associations", async () => {
    const portal = open()
    await exercise(portal, {})
    expect(families(portal.journal.lines)).toEqual([
      "account-info/2026-09",
      "crm/associations/2026-03",
      "crm/objects/2026-09",
      "crm/pipelines/2026-09",
      "crm/properties/2026-09",
    ])
  })

  it("are v3, and v4 for associations, where a customer wants that", async () => {
    const portal = open()
    await exercise(portal, { version: "v3" })
    expect(families(portal.journal.lines)).toEqual([
      "account-info/v3",
      "crm/v3/objects",
      "crm/v3/pipelines",
      "crm/v3/properties",
      "crm/v4/associations",
    ])
  })

  it("can be chosen for each family", async () => {
    const portal = open()
    await exercise(portal, { version: "2026-03", routes: { properties: "v3" } })
    expect(families(portal.journal.lines)).toContain("crm/objects/2026-03")
    expect(families(portal.journal.lines)).toContain("crm/v3/properties")
  })

  it("differ in what an administrator's rules stop: 2026-09 names the property, v3 writes", async () => {
    for (const version of ["2026-09", "v3"] as const) {
      const portal = open({ portal: { writeRules: { companies: { onCreate: ["phone"] } } } })
      await portal.run(
        Effect.gen(function* () {
          const { ports } = yield* portal.ready({ version })
          const [outcome] = yield* ports.Company.upsert([{ key: key("Account", "1"), fields: { name: "A" } }])
          if (version === "v3") expect(outcome?._tag).toBe("Created")
          else expect(reasonOf(outcome)).toMatchObject({ _tag: "Invalid", issues: [{ path: ["phone"] }] })
        }),
      )
    }
  })

  it("map single associations apart from objects, and leave other paths alone", () => {
    const single = "/crm/objects/2026-09/{objectType}/{objectId}/associations/{toObjectType}"
    expect(Routes.map(Routes.v3, single)).toBe("/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}")
    expect(Routes.map(Routes.of("2026-03"), single)).toBe(single.replace("2026-09", "2026-03"))
    expect(Routes.map(Routes.v3, "/crm/objects/2026-09/{objectType}/search")).toBe(
      "/crm/v3/objects/{objectType}/search",
    )
    expect(Routes.map(Routes.v3, "/tax-rates/v1/tax-rates")).toBe("/tax-rates/v1/tax-rates")
  })
})
