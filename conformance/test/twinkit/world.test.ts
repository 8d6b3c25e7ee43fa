import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as TwinKit from "../../src/TwinKit.ts"
import * as Kit from "./support/kit.ts"

const modified: TwinKit.Modified = { field: "updated_at", granularityMillis: 1 }
const things: TwinKit.Collection = {
  ...Kit.things,
  fields: {
    ...Kit.things.fields,
    price: { type: "number" },
    twice: { type: "number", derive: ({ price }) => String(2 * Number(price)) },
  },
  modified,
}

describe("the world of a declared twin", () => {
  it("is seeded, looked at, edited and emptied by hand, with stamps and derived values that follow", async () => {
    const { ask, clock, twin, world } = Kit.open({ collections: { things } })
    const [first, second] = world.seed("things", [
      { name: "A", price: 1.5 },
      { id: "40", name: "B" },
    ])
    expect([first, second]).toEqual(["1", "40"])
    clock.advance(1000)
    world.edit("things", "1", { price: "2.50" })
    expect(world.get("things", "1")).toEqual({ id: "1", name: "A", price: "2.50", twice: "5" })
    expect((await ask("/things/1")).text).toBe(
      '{"id":1,"name":"A","price":2.50,"twice":5,"updated_at":"2026-11-02T09:00:01.000Z"}',
    )
    world.edit("things", "1", { price: 3 }, { silent: true })
    expect((await ask("/things/1")).body).toMatchObject({ price: 3, updated_at: "2026-11-02T09:00:01.000Z" })
    world.remove("things", "40")
    expect(world.all("things").map(({ id }) => id)).toEqual(["1"])
    expect(twin.journal.writes()).toEqual([])
    expect(() => world.edit("things", "40", {})).toThrow("things 40 is not there")
    expect(() => world.all("people")).toThrow("kit has no collection people")
  })

  it("is dumped as plain JSON and goes on from it, lagging lists, tokens and numbers included", async () => {
    const oauth = {
      scheme: "oauth",
      tokenPath: "/t",
      clientId: "c",
      clientSecret: "s",
      grants: ["client_credentials"],
      lifetimeSeconds: 60,
    } as const
    const declared = { auth: oauth, collections: { things: { ...things, modified: { ...modified, lagMillis: 1000 } } } }
    const one = Kit.open(declared)
    one.world.seed("things", [{ name: "A" }], { at: Kit.START - 5000 })
    one.world.edit("things", "1", { name: "B" })
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: "c", client_secret: "s" })
    const { access_token } = (await one.ask("/t", { method: "POST", body: form })).body
    const dump = one.world.dump()
    expect(JSON.parse(JSON.stringify(dump))).toEqual(dump)

    const other = Kit.open(declared)
    other.world.load(JSON.parse(JSON.stringify(dump)))
    const headers = { authorization: `Bearer ${access_token}` }
    expect(Kit.names(await other.send("GET", "/things", undefined, headers))).toEqual(["A"])
    expect((await other.send("POST", "/things", { name: "C" }, headers)).body.id).toBe(2)
    expect(one.world.all("things")).toHaveLength(1)
  })

  it("is reached in process, by interception and on a loopback port", async () => {
    const { twin, world } = Kit.open()
    world.seed("things", [{ name: "A" }])
    const server = setupServer(...twin.handlers)
    server.listen()
    const intercepted = await (await fetch(`${Kit.ORIGIN}/things/1`)).json()
    server.close()
    const served = await twin.serve()
    const loopback = await (await fetch(`${served.url}/things/1`)).json()
    await served.close()
    const direct = await (await twin.fetch(`${Kit.ORIGIN}/things/1`)).json()
    expect([direct, intercepted, loopback]).toEqual([
      { id: 1, name: "A" },
      { id: 1, name: "A" },
      { id: 1, name: "A" },
    ])
    expect(twin.journal.lines.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it("says of what nobody graded that it is assumed", () => {
    expect(Kit.open().twin.quirks).toMatchObject([{ grade: "assumed" }])
  })
})

describe("a bad declaration", () => {
  const faults = (more: object) =>
    TwinKit.faults(Kit.declare(more as Partial<TwinKit.Declaration>)).map(({ path }) => path)
  const of = (collection: object) => ({ collections: { things: { ...things, ...collection } } })

  it("is refused at once with all of its faults, the place of each and the mend", () => {
    const bad = Kit.declare({ origin: "api.example.com", paging: { ...Kit.paging, most: 1 } })
    const make = () => TwinKit.make(bad, { clock: Kit.handClock() })
    expect(make).toThrow(TwinKit.BadDeclaration)
    expect(make).toThrow(
      "origin: is no origin; give scheme and host without a path, such as https://api.example.com (and 1 more)",
    )
    expect(TwinKit.faults(bad)[1]).toEqual({
      path: "paging.default",
      message: "is above `most`",
      mend: "make it at most that",
    })
  })

  it.each<[string, object, string]>([
    ["no name", { name: "" }, "name"],
    ["a base without a slash", { base: "v1" }, "base"],
    ["an unknown scheme", { auth: { scheme: "magic" } }, "auth.scheme"],
    ["an empty token", { auth: { scheme: "bearer", token: "" } }, "auth.token"],
    ["no password", { auth: { scheme: "basic", user: "u" } }, "auth.password"],
    [
      "no grant",
      { auth: { scheme: "oauth", tokenPath: "/t", clientId: "c", clientSecret: "s", grants: [], lifetimeSeconds: 1 } },
      "auth.grants",
    ],
    [
      "no refresh token to begin with",
      {
        auth: {
          scheme: "oauth",
          tokenPath: "/t",
          clientId: "c",
          clientSecret: "s",
          grants: ["refresh_token"],
          lifetimeSeconds: 1,
        },
      },
      "auth.refreshToken",
    ],
    [
      "a token that never lives",
      {
        auth: {
          scheme: "oauth",
          tokenPath: "/t",
          clientId: "c",
          clientSecret: "s",
          grants: ["client_credentials"],
          lifetimeSeconds: 0,
        },
      },
      "auth.lifetimeSeconds",
    ],
    ["an unknown limit", { limits: [{ kind: "mood", requests: 1 }] }, "limits.0.kind"],
    ["a limit of nothing", { limits: [{ kind: "window", requests: 0, millis: 1 }] }, "limits.0.requests"],
    ["a window without length", { limits: [{ kind: "window", requests: 1 }] }, "limits.0.millis"],
    ["a bucket that never fills", { limits: [{ kind: "burst", requests: 1, perSecond: 0 }] }, "limits.0.perSecond"],
    [
      "requests at once that take no time",
      { limits: [{ kind: "concurrency", requests: 1 }] },
      "limits.0.latencyMillis",
    ],
    ["an unknown style of pages", { paging: { style: "scroll" } }, "paging.style"],
    ["pages without a number", { paging: { ...Kit.paging, page: "" } }, "paging.page"],
    ["a total beside a bare list", { paging: { ...Kit.paging, items: undefined } }, "paging.items"],
    ["a reach of nothing", { paging: { ...Kit.paging, reach: 0 } }, "paging.reach"],
    ["no collection", { collections: {} }, "collections"],
    ["two collections on one path", { collections: { a: things, b: { ...things, path: "a" } } }, "collections.b.path"],
    ["a path with a slash before it", of({ path: "/things" }), "collections.things.path"],
    ["no fields", of({ fields: undefined }), "collections.things.fields"],
    ["an unknown type", of({ fields: { name: { type: "money" } } }), "collections.things.fields.name.type"],
    [
      "an unknown type inside",
      of({ fields: { a: { type: "list", of: { b: { type: "x" } } } } }),
      "collections.things.fields.a.of.b.type",
    ],
    [
      "a unique list",
      of({ fields: { a: { type: "list", of: {}, unique: true } } }),
      "collections.things.fields.a.unique",
    ],
    [
      "a required field that nobody may send",
      of({ fields: { a: { type: "text", required: true, readOnly: true } } }),
      "collections.things.fields.a.required",
    ],
    [
      "a reference to nowhere",
      of({ fields: { a: { type: "text", references: "people" } } }),
      "collections.things.fields.a.references",
    ],
    ["an unknown kind of key", of({ key: { field: "id", assigned: "luck" } }), "collections.things.key.assigned"],
    ["the key among the fields", of({ key: { field: "name", assigned: "text" } }), "collections.things.fields.name"],
    ["a filter by no field", of({ filters: ["color"] }), "collections.things.filters"],
    [
      "a stamp without a grid",
      of({ modified: { field: "at", granularityMillis: 0 } }),
      "collections.things.modified.granularityMillis",
    ],
    [
      "a stamp finer than its seconds",
      of({ modified: { field: "at", granularityMillis: 1, format: "epochSeconds" } }),
      "collections.things.modified.granularityMillis",
    ],
    ["a negative lag", of({ modified: { ...modified, lagMillis: -1 } }), "collections.things.modified.lagMillis"],
    ["a version that stands nowhere", of({ revision: {} }), "collections.things.revision"],
    [
      "an upsert by what is not unique",
      of({ upsertBy: { path: "by", field: "name" } }),
      "collections.things.upsertBy.field",
    ],
    ["a flag that is no flag", of({ delete: { flag: "name" } }), "collections.things.delete.flag"],
    ["pages of its own that are wrong", of({ paging: { ...Kit.paging, size: "" } }), "collections.things.paging.size"],
  ])("with %s is told so by its place", (_, more, path) => {
    expect(faults(more)).toContain(path)
  })

  it("is none when everything is there", () => {
    expect(TwinKit.faults(Kit.declare({ collections: { things } }))).toEqual([])
  })
})
