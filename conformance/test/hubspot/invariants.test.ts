import { describe, expect, it } from "vitest"
import * as AssociationTypes from "../../src/hubspot/AssociationTypes.ts"
import { seededRandom } from "../../src/twin/Twin.ts"
import { open, upserts, V2026, withKey } from "./portal.ts"

type Portal = ReturnType<typeof open>

const TYPES = ["companies", "contacts", "deals"] as const

/** One random thing that users and apps do; what is refused counts too, for it must leave no trace. */
const steps = ({ ask, clock, world }: Portal, random: () => number) => {
  const dice = (sides: number) => Math.floor(random() * sides)
  const pick = <A>(list: ReadonlyArray<A>): A | undefined => list[dice(list.length)]
  const id = (type: (typeof TYPES)[number]) => pick(world.records(type))?.id ?? "404"
  const email = () => `p${dice(40)}@example.com`
  const statuses = new Map<number, number>()
  const counted = async (answer: Promise<{ readonly status: number }>) => {
    const { status } = await answer
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const all: ReadonlyArray<() => Promise<void>> = [
    () => counted(ask("POST", `${V2026}/contacts`, { properties: { email: email() } })),
    () => counted(ask("PATCH", `${V2026}/contacts/${id("contacts")}`, { properties: { email: email() } })),
    () => {
      const inputs = Array.from({ length: 6 }, () => [
        `K${dice(60)}`,
        { name: "N", ...(dice(8) === 0 ? { nope: "1" } : {}) },
      ])
      const body = upserts(Object.fromEntries(inputs))
      const whole = { inputs: body.inputs.map(({ objectWriteTraceId: _, ...rest }) => rest) }
      return counted(ask("POST", `${V2026}/companies/batch/upsert`, dice(2) === 0 ? body : whole))
    },
    () => counted(ask("POST", `${V2026}/deals`, { properties: { dealname: "D", erp_key: `D${dice(30)}` } })),
    () => {
      const [from, to] = dice(2) === 0 ? (["contacts", "companies"] as const) : (["deals", "contacts"] as const)
      const path = `/crm/objects/2026-03/${from}/${id(from)}/associations/default/${to}/${id(to)}`
      return counted(ask("PUT", path))
    },
    () => {
      const spec = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: [1, 279, 931, 280][dice(4)] }]
      return counted(
        ask("PUT", `/crm/objects/2026-03/contacts/${id("contacts")}/associations/companies/${id("companies")}`, spec),
      )
    },
    () => {
      const type = pick(TYPES) ?? "companies"
      return counted(ask("DELETE", `${V2026}/${type}/${id(type)}`))
    },
    () => {
      const type = pick(TYPES) ?? "companies"
      const body = { primaryObjectId: id(type), objectIdToMerge: id(type) }
      return counted(ask("POST", `${V2026}/${type}/merge`, body))
    },
  ]
  const step = async () => {
    clock.advance(dice(900))
    await pick(all)?.()
  }
  return { step, statuses }
}

const holdsTogether = async (portal: Portal): Promise<void> => {
  const { ask, clock, world } = portal
  const types = new Map(AssociationTypes.standard.map((type) => [`${type.from}/${type.to}/${type.id}`, type]))
  for (const from of TYPES) {
    for (const record of world.records(from)) {
      for (const to of TYPES) {
        for (const edge of world.associations(from, record.id, to)) {
          expect(world.record(to, edge.id)).toMatchObject({ id: edge.id, archived: false })
          const back = world.associations(to, edge.id, from).find((one) => one.id === record.id)
          const inverse = edge.types.map((id) => types.get(`${from}/${to}/${id}`)?.inverse ?? 0)
          expect([...(back?.types ?? [])].sort()).toEqual(inverse.sort())
        }
      }
      const companies = from === "companies" ? [] : world.associations(from, record.id, "companies")
      expect(companies.filter((one) => one.types.includes(1)).length).toBeLessThan(2)
      const key = record.properties[from === "contacts" ? "email" : "erp_key"]
      if (key === undefined) continue
      const idProperty = from === "contacts" ? "email" : "erp_key"
      const found = await ask("POST", `${V2026}/${from}/batch/read`, { idProperty, inputs: [{ id: key }] })
      expect(found.body.results.map((one) => one.id)).toEqual([record.id])
      clock.advance(100)
    }
    clock.advance(6_000)
    const searched = await ask("POST", `${V2026}/${from}/search`, { limit: 200 })
    expect(searched.body.results.map((one) => one.id).sort()).toEqual(
      world
        .records(from)
        .map((one) => one.id)
        .sort(),
    )
  }
}

describe("a HubSpot portal under many hands", () => {
  it("stays whole: edges in pairs, one owner of each unique value, search equal to the records in the end", async () => {
    const refused = { conflicts: 0, partial: 0, invalid: 0 }
    for (const seed of [1, 2, 3]) {
      const portal = open()
      withKey(portal.world, "companies", "deals")
      const { statuses, step } = steps(portal, seededRandom(seed))
      for (let round = 0; round < 3; round += 1) {
        for (let at = 0; at < 150; at += 1) await step()
        await holdsTogether(portal)
        const dump = portal.world.dump()
        portal.world.load(dump)
        expect(portal.world.dump()).toEqual(dump)
      }
      refused.conflicts += statuses.get(409) ?? 0
      refused.partial += statuses.get(207) ?? 0
      refused.invalid += statuses.get(400) ?? 0
      expect(statuses.get(429)).toBe(undefined)
    }
    expect(refused.conflicts).toBeGreaterThan(20)
    expect(refused.partial).toBeGreaterThan(20)
    expect(refused.invalid).toBeGreaterThan(50)
  })
})
