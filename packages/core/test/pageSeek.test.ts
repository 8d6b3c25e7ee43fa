import * as PageSeek from "@mortise/core/PageSeek"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Random } from "./histories/Random.ts"

const ids = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

/** A list that knows page numbers, and that somebody changes between two questions. */
const list = (rows: Array<number>, disturb: () => void = () => {}) => {
  let requests = 0
  const seek = PageSeek.make({
    system: "acme",
    operation: "acme.list",
    idOf: String,
    compare: PageSeek.byNumber,
    fetch: (_question: string, { page, size }) =>
      Effect.sync(() => {
        if (requests++ > 0) disturb()
        return { items: rows.slice((page - 1) * size, page * size), total: rows.length }
      }),
  })
  return { seek, requests: () => requests }
}

const readAll = async (seek: ReturnType<typeof list>["seek"], limit: number) => {
  const read: Array<number> = []
  for (let afterId: string | undefined; ; ) {
    const { more, rows } = await Effect.runPromise(
      seek("all", { limit, ...(afterId === undefined ? {} : { afterId }) }),
    )
    read.push(...rows)
    afterId = rows.at(-1) === undefined ? afterId : String(rows.at(-1))
    if (!more) return read
  }
}

describe("reading behind a record by page numbers", () => {
  it("gives every record once, with hardly more requests than pages", async () => {
    const { requests, seek } = list(ids(1000))
    expect(await readAll(seek, 50)).toEqual(ids(1000))
    expect(requests()).toBeLessThanOrEqual(25)
  })

  it("takes pages that hold a record and the one behind it", () => {
    for (let index = 0; index < 5000; index++) {
      for (const most of [20, 50, 100]) {
        const { page, size } = PageSeek.straddling(index, most)
        expect(size).toBeLessThanOrEqual(most)
        expect((page - 1) * size <= index && index + 1 < page * size, `${index} of ${most}`).toBe(true)
      }
    }
  })

  it("passes by no record that stays, whatever comes and goes in between", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed)
      const rows = ids(random.int(50, 250)).map((n) => n * 10)
      const stays = new Set(rows)
      const { seek } = list(rows, () => {
        for (let n = random.int(0, 11); n > 0; n--) {
          const at = random.int(0, Math.max(0, rows.length - 1))
          if (random.chance(0.6)) for (const gone of rows.splice(at, 1)) stays.delete(gone)
          else {
            const near = (rows[at] ?? 5) + random.int(1, 8)
            if (!rows.includes(near)) rows.splice(0, rows.length, ...[...rows, near].sort((a, b) => a - b))
          }
        }
      })
      const read = await readAll(seek, 20)
      expect(read.toSorted((a, b) => a - b)).toEqual(read)
      expect(
        [...stays].filter((id) => !read.includes(id)),
        `seed ${seed}`,
      ).toEqual([])
      expect(new Set(read).size).toBe(read.length)
    }
  })

  it("finds its place again without having read before, in a few looks", async () => {
    const { requests, seek } = list(ids(100_000))
    const { rows } = await Effect.runPromise(seek("all", { afterId: "77777", limit: 50 }))
    expect(rows[0]).toBe(77_778)
    expect(requests()).toBeLessThan(20)
  })

  it("finds the place of a record that is gone", async () => {
    const { seek } = list(ids(300).filter((id) => id < 100 || id > 200))
    const { rows } = await Effect.runPromise(seek("all", { afterId: "150", limit: 20 }))
    expect(rows[0]).toBe(201)
    expect(await Effect.runPromise(seek("all", { afterId: "300", limit: 20 }))).toMatchObject({ rows: [], more: false })
  })

  it.each([
    ["is not in the order of its ids", [3, 1, 2], 3, "not in ascending order"],
    ["gives fewer records than were asked for", [1, 2, 3], 500, "gave 3 records where 20 were asked for"],
  ])("refuses a list that %s", async (_, items, total, message) => {
    const seek = PageSeek.make({
      system: "acme",
      operation: "acme.list",
      idOf: String,
      compare: PageSeek.byNumber,
      fetch: () => Effect.succeed({ items, total }),
    })
    const error = await Effect.runPromise(Effect.flip(seek("all", { limit: 10 })))
    expect(error.reason).toMatchObject({ _tag: "Decode" })
    expect(error.message).toContain(message)
  })
})
