import { describe, expect, it } from "vitest"
import type * as TwinKit from "../../src/TwinKit.ts"
import * as Kit from "./support/kit.ts"

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `T${n + 1}` }))

const paged = (paging: TwinKit.Paging, count = 5) => {
  const kit = Kit.open({ paging })
  kit.world.seed("things", rows(count))
  return kit
}

describe("pages by number", () => {
  const paging = { style: "page", page: "page", size: "size", default: 2, most: 3, items: "data" } as const

  it("are cut as they are asked for, with the total and whether there is more", async () => {
    const { ask } = paged({ ...paging, total: "total", more: "more" })
    const pages = await Promise.all([
      ask("/things"),
      ask("/things?page=2"),
      ask("/things?page=3"),
      ask("/things?page=4"),
    ])
    expect(pages.map(Kit.names)).toEqual([["T1", "T2"], ["T3", "T4"], ["T5"], []])
    expect(pages.map(({ body }) => [body.total, body.more])).toEqual([
      [5, true],
      [5, true],
      [5, false],
      [5, false],
    ])
  })

  it("begin where the vendor counts from, and are refused where there is none", async () => {
    const { ask } = paged({ ...paging, first: 0 })
    expect(Kit.names(await ask("/things?page=0"))).toEqual(["T1", "T2"])
    for (const query of ["page=-1", "page=x", "size=0", "page=1.5"]) {
      expect((await ask(`/things?${query}`)).status, query).toBe(422)
    }
  })

  it("are cut down to the cap without a word, or refused beyond it", async () => {
    expect(Kit.names(await paged(paging).ask("/things?size=100"))).toHaveLength(3)
    expect((await paged({ ...paging, beyond: "refuse" }).ask("/things?size=100")).status).toBe(422)
  })

  it("end where paging reaches no further", async () => {
    const { ask } = paged({ ...paging, reach: 4 })
    expect((await ask("/things?page=2")).status).toBe(200)
    expect((await ask("/things?page=3")).status).toBe(422)
  })

  it("shift when a record goes away between two of them", async () => {
    const { ask, world } = paged(paging)
    const first = Kit.names(await ask("/things"))
    world.remove("things", "1")
    expect([first, Kit.names(await ask("/things?page=2"))]).toEqual([
      ["T1", "T2"],
      ["T4", "T5"],
    ])
  })

  it("are a bare list where nothing stands beside them", async () => {
    const { items: _, ...bare } = paging
    expect((await paged(bare).ask("/things")).body).toEqual([
      { id: 1, name: "T1" },
      { id: 2, name: "T2" },
    ])
  })
})

describe("pages by offset", () => {
  it("begin behind so many records", async () => {
    const { ask } = paged({
      style: "offset",
      offset: "skip",
      size: "take",
      default: 2,
      most: 3,
      items: "rows",
      total: "count",
    })
    const { body } = await ask("/things?skip=3&take=3")
    expect(body).toEqual({
      rows: [
        { id: 4, name: "T4" },
        { id: 5, name: "T5" },
      ],
      count: 5,
    })
  })
})

describe("pages by cursor, link and key", () => {
  const sized = { size: "limit", default: 2, most: 2, items: "data" } as const

  it("go on behind the last record, whatever goes away meanwhile", async () => {
    const { ask, world } = paged({ ...sized, style: "cursor", cursor: "after", next: "next" })
    const first = await ask("/things")
    world.remove("things", "1")
    const second = await ask(`/things?after=${first.body.next}`)
    const third = await ask(`/things?after=${second.body.next}`)
    expect([first, second, third].map(Kit.names)).toEqual([["T1", "T2"], ["T3", "T4"], ["T5"]])
    expect(third.body.next).toBeNull()
    expect((await ask("/things?after=made-up")).status).toBe(422)
  })

  it("are joined by links in a member, with the rest of the question in them", async () => {
    const kit = Kit.open({
      paging: { ...sized, style: "link", cursor: "c", next: "nextLink" },
      collections: { things: { ...Kit.things, filters: ["name"] } },
    })
    kit.world.seed("things", [...rows(3).map(() => ({ name: "same" })), { name: "other" }])
    const first = await kit.ask("/things?name=SAME")
    expect(first.body.nextLink.startsWith(`${Kit.ORIGIN}/things?name=SAME&c=`)).toBe(true)
    const second = await kit.ask(first.body.nextLink)
    expect([Kit.names(second), second.body.nextLink]).toEqual([["same"], null])
  })

  it("are joined by links in the header, too", async () => {
    const { ask } = paged({ ...sized, style: "link", cursor: "c", next: { header: true } }, 3)
    const first = await ask("/things")
    const link = /^<(.+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? ""
    const second = await ask(link)
    expect([Kit.names(second), second.headers.get("link")]).toEqual([["T3"], null])
  })

  it("go on behind a key", async () => {
    const { ask } = paged({ ...sized, style: "keyset", after: "after_id", more: "has_more" }, 11)
    const { body } = await ask("/things?after_id=9")
    expect(body).toEqual({
      data: [
        { id: 10, name: "T10" },
        { id: 11, name: "T11" },
      ],
      has_more: false,
    })
  })
})

describe("what a list is asked for", () => {
  const modified: TwinKit.Modified = { field: "updated_at", granularityMillis: 1000, from: "from", before: "before" }
  const stamped = (more: Partial<TwinKit.Modified> = {}, rest: Partial<TwinKit.Collection> = {}) =>
    Kit.open({ collections: { things: { ...Kit.things, modified: { ...modified, ...more }, sort: "sort", ...rest } } })

  it("is refused when the list does not know it", async () => {
    expect((await Kit.open().ask("/things?color=red")).status).toBe(422)
  })

  it("is a range of the stamp, from inclusive, before exclusive, on the grid of the stamp", async () => {
    const { ask, clock, send, world } = stamped()
    world.seed("things", [{ name: "old" }], { at: Kit.START - 60_000 })
    clock.advance(1750)
    await send("POST", "/things", { name: "new" })
    const [old, fresh] = (await ask("/things")).body.data
    expect([old.updated_at, fresh.updated_at]).toEqual(["2026-11-02T08:59:00.000Z", "2026-11-02T09:00:01.000Z"])
    expect(Kit.names(await ask("/things?from=2026-11-02T09:00:01.000Z"))).toEqual(["new"])
    expect(Kit.names(await ask("/things?before=2026-11-02T09:00:01.000Z"))).toEqual(["old"])
    expect((await ask("/things?from=yesterday")).status).toBe(422)
  })

  it("goes by seconds or milliseconds of the epoch where the vendor does", async () => {
    for (const [format, stamp] of [
      ["epochSeconds", Kit.START / 1000],
      ["epochMillis", Kit.START],
    ] as const) {
      const { ask, world } = stamped({ format })
      world.seed("things", [{ name: "A" }])
      expect((await ask(`/things?from=${stamp}`)).body.data).toEqual([{ id: 1, name: "A", updated_at: stamp }])
      expect((await ask(`/things?from=${stamp + 1}`)).body.total).toBe(0)
    }
  })

  it("comes in the order of the stamp, and of the key within one stamp", async () => {
    const { ask, world } = stamped({}, { paging: { ...Kit.paging, default: 3 } })
    world.seed("things", [{ name: "late" }, { name: "late too" }], { at: Kit.START })
    world.seed("things", [{ name: "early" }], { at: Kit.START - 5000 })
    expect(Kit.names(await ask("/things?sort=updated_at"))).toEqual(["early", "late", "late too"])
    expect(Kit.names(await ask("/things?sort=id"))).toEqual(["late", "late too", "early"])
    expect((await ask("/things?sort=name")).status).toBe(422)
  })

  it("is shown late by lists, and at once by a read of the record", async () => {
    const { ask, clock, send, world } = stamped({ lagMillis: 5000 })
    world.seed("things", [{ name: "A" }], { at: Kit.START - 60_000 })
    await send("PATCH", "/things/1", { name: "B" })
    await send("POST", "/things", { name: "C" })
    expect((await ask("/things/1")).body.name).toBe("B")
    expect(Kit.names(await ask("/things"))).toEqual(["A"])
    clock.advance(4999)
    expect(Kit.names(await ask("/things"))).toEqual(["A"])
    clock.advance(1)
    expect(Kit.names(await ask("/things"))).toEqual(["B", "C"])
    world.remove("things", "1")
    expect(Kit.names(await ask("/things"))).toEqual(["B", "C"])
    expect((await ask("/things/1")).status).toBe(404)
    clock.advance(5000)
    expect(Kit.names(await ask("/things"))).toEqual(["C"])
  })
})
