import { ConnectorError } from "@mortise/core/ConnectorError"
import * as Pagination from "@mortise/core/Pagination"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"

const guards = { system: "acme", operation: "acme.things.list" }
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ id: `t${from + index}` }))
const identify = (row: { readonly id: string }) => row.id

const all = <A, E>(pages: Stream.Stream<ReadonlyArray<A>, E>) =>
  Effect.runPromise(Stream.runCollect(Pagination.items(pages)))

/** What came before the failure, and the failure. */
const until = async <A, E>(pages: Stream.Stream<ReadonlyArray<A>, E>) => {
  const seen: Array<A> = []
  const error = await Effect.runPromise(
    Effect.flip(Stream.runForEach(Pagination.items(pages), (item) => Effect.sync(() => seen.push(item)))),
  )
  assert.instanceOf(error, ConnectorError)
  return { seen, error: error as unknown as ConnectorError }
}

describe("a cursor", () => {
  const server = (pages: Record<string, { items: Array<{ id: string }>; next?: string | null }>) => {
    const asked: Array<string | undefined> = []
    const fetch = (cursor: string | undefined) =>
      Effect.sync(() => {
        asked.push(cursor)
        return pages[cursor ?? "first"] ?? { items: [] }
      })
    return { asked, fetch }
  }

  it("is followed to the end, over empty pages too", async () => {
    const { asked, fetch } = server({
      first: { items: rows(2), next: "a" },
      a: { items: [], next: "b" },
      b: { items: rows(1, 2), next: null },
    })
    assert.deepStrictEqual((await all(Pagination.cursor({ ...guards, fetch }))).map(identify), ["t0", "t1", "t2"])
    assert.deepStrictEqual(asked, [undefined, "a", "b"])
  })

  it("can be taken up where it was left", async () => {
    const { fetch } = server({ a: { items: rows(1, 5) } })
    assert.deepStrictEqual((await all(Pagination.cursor({ ...guards, fetch, start: "a" }))).map(identify), ["t5"])
  })

  it("that comes again is Decode, at once and in a circle", async () => {
    for (const back of ["a", "b", "c"]) {
      const { asked, fetch } = server({
        first: { items: rows(1), next: "a" },
        a: { items: rows(1, 1), next: "b" },
        b: { items: rows(1, 2), next: "c" },
        c: { items: rows(1, 3), next: back },
      })
      const { error } = await until(Pagination.cursor({ ...guards, fetch }))
      assert.strictEqual(error.reason._tag, "Decode")
      assert.strictEqual(asked.length, 4)
    }
  })

  it("that leads back to where the reading began is Decode", async () => {
    const { asked, fetch } = server({ a: { items: rows(1), next: "b" }, b: { items: rows(1), next: "a" } })
    const { error } = await until(Pagination.cursor({ ...guards, fetch, start: "a" }))
    assert.strictEqual(error.reason._tag, "Decode")
    assert.deepStrictEqual(asked, ["a", "b"])
  })

  it("is guarded anew each time the stream is run", async () => {
    const { fetch } = server({ first: { items: rows(1), next: "a" }, a: { items: rows(1, 1) } })
    const pages = Pagination.cursor({ ...guards, fetch })
    assert.strictEqual((await all(pages)).length, 2)
    assert.strictEqual((await all(pages)).length, 2)
  })

  it("that never ends is Decode after the most pages", async () => {
    let count = 0
    const fetch = () => Effect.sync(() => ({ items: rows(1, count++), next: `c${count}` }))
    const { seen, error } = await until(Pagination.cursor({ ...guards, fetch, maxPages: 50 }))
    assert.strictEqual(error.reason._tag, "Decode")
    assert.strictEqual(seen.length, 50)
    assert.include(error.message, "50 pages")
  })

  it("asks for no page that nobody takes", async () => {
    const { asked, fetch } = server({ first: { items: rows(2), next: "a" }, a: { items: rows(2, 2), next: "b" } })
    await Effect.runPromise(Stream.runCollect(Stream.take(Pagination.cursor({ ...guards, fetch }), 1)))
    assert.strictEqual(asked.length, 1)
  })
})

describe("a next link", () => {
  const first = new URL("https://api.acme.test/odata/Things?$top=2")
  const linked = (links: ReadonlyArray<string | undefined>) => {
    const asked: Array<string> = []
    const fetch = (url: URL) =>
      Effect.sync(() => {
        asked.push(url.href)
        return { items: rows(1, asked.length), next: links[asked.length - 1] }
      })
    return { asked, fetch }
  }

  it("is followed on its own origin, absolute or relative", async () => {
    const { asked, fetch } = linked([
      "https://api.acme.test/odata/Things?$top=2&$skip=2",
      "Things?$skip=4",
      "/odata/Things?$skip=6",
    ])
    await all(Pagination.nextLink({ ...guards, first, fetch }))
    assert.deepStrictEqual(asked, [
      "https://api.acme.test/odata/Things?$top=2",
      "https://api.acme.test/odata/Things?$top=2&$skip=2",
      "https://api.acme.test/odata/Things?$skip=4",
      "https://api.acme.test/odata/Things?$skip=6",
    ])
  })

  it("under another name of the vendor's is brought back to the configured base", async () => {
    const { asked, fetch } = linked(["https://public.acme.test/odata/Things?$skip=2"])
    await all(Pagination.nextLink({ ...guards, first, fetch, aliases: ["https://public.acme.test"] }))
    assert.strictEqual(asked[1], "https://api.acme.test/odata/Things?$skip=2")
  })

  for (const link of [
    "https://evil.test/odata/Things?$skip=2",
    "http://api.acme.test/odata/Things?$skip=2",
    "https://api.acme.test:8443/odata/Things",
    "https://api.acme.test.evil.test/",
    "//evil.test/odata",
    "https://user:pw@api.acme.test/odata",
    "javascript:alert(1)",
    "https://",
  ]) {
    it(`to ${link} is Decode and is not asked`, async () => {
      const { asked, fetch } = linked([link])
      const { error } = await until(Pagination.nextLink({ ...guards, first, fetch }))
      assert.strictEqual(error.reason._tag, "Decode")
      assert.strictEqual(asked.length, 1)
      assert.notInclude(error.message, "evil")
    })
  }

  it("that leads back to a page that was read is Decode", async () => {
    const { asked, fetch } = linked(["/odata/Things?$skip=2", "/odata/Things?$top=2"])
    const { error } = await until(Pagination.nextLink({ ...guards, first, fetch }))
    assert.strictEqual(error.reason._tag, "Decode")
    assert.strictEqual(asked.length, 2)
  })
})

describe("an offset", () => {
  const table = rows(23)
  const serve = (cap: number, told: "total" | "more" | "nothing" = "nothing") => {
    const asked: Array<number> = []
    const fetch = ({ offset, limit }: { offset: number; limit: number }) =>
      Effect.sync(() => {
        asked.push(offset)
        const items = table.slice(offset, offset + Math.min(limit, cap))
        const more = offset + items.length < table.length
        return { items, ...(told === "total" && { total: table.length }), ...(told === "more" && { more }) }
      })
    return { asked, fetch }
  }

  it("reads everything though the server gives fewer than it is asked for", async () => {
    const { fetch } = serve(7)
    const read = await all(Pagination.offset({ ...guards, size: 10, identify, fetch }))
    assert.deepStrictEqual(read, table)
  })

  for (const told of ["total", "more"] as const) {
    it(`asks for nothing behind the end where the server tells its ${told}`, async () => {
      const { asked, fetch } = serve(10, told)
      assert.deepStrictEqual(await all(Pagination.offset({ ...guards, size: 10, identify, fetch })), table)
      assert.deepStrictEqual(asked, [0, 10, 20])
    })
  }

  it("ends at a short page only where the vendor is known to fill its pages", async () => {
    const { asked, fetch } = serve(10)
    await all(Pagination.offset({ ...guards, size: 10, identify, fetch, trustShortPages: true }))
    assert.deepStrictEqual(asked, [0, 10, 20])
    const careful = serve(10)
    await all(Pagination.offset({ ...guards, size: 10, identify, fetch: careful.fetch }))
    assert.deepStrictEqual(careful.asked, [0, 10, 20, 23])
  })

  it("that the server ignores is Decode after one repetition", async () => {
    const { seen, error } = await until(
      Pagination.offset({ ...guards, size: 5, identify, fetch: () => Effect.succeed({ items: rows(5) }) }),
    )
    assert.strictEqual(error.reason._tag, "Decode")
    assert.strictEqual(seen.length, 5)
  })
})

describe("a page number", () => {
  it("counts from one, or from where the vendor begins", async () => {
    const asked: Array<number> = []
    const fetch = ({ page, size }: { page: number; size: number }) =>
      Effect.sync(() => {
        asked.push(page)
        return { items: rows(23).slice((page - 1) * size, page * size) }
      })
    assert.strictEqual((await all(Pagination.pageNumber({ ...guards, size: 10, identify, fetch }))).length, 23)
    assert.deepStrictEqual(asked, [1, 2, 3, 4])
    asked.length = 0
    const fromZero = (place: { page: number; size: number }) => fetch({ ...place, page: place.page + 1 })
    await all(Pagination.pageNumber({ ...guards, size: 10, first: 0, identify, fetch: fromZero }))
    assert.deepStrictEqual(asked, [1, 2, 3, 4])
  })

  it("that the server ignores is Decode", async () => {
    const { error } = await until(
      Pagination.pageNumber({ ...guards, size: 5, identify, fetch: () => Effect.succeed({ items: rows(5) }) }),
    )
    assert.strictEqual(error.reason._tag, "Decode")
  })
})

describe("a keyset", () => {
  const compare = (a: number, b: number) => a - b
  const key = (row: { readonly n: number }) => row.n

  it("loses and doubles nothing though rows are deleted and added while it reads", async () => {
    let table = Array.from({ length: 50 }, (_, n) => ({ n }))
    let added = 0
    const fetch = (after: number | undefined) =>
      Effect.sync(() => {
        const page = table.filter((row) => row.n > (after ?? -1)).slice(0, 7)
        // Rows behind the reader go, on both sides of the border; rows in front of it come.
        table = table.filter((row) => row.n !== page[0]?.n && row.n !== page[6]?.n)
        if (added < 10) table.push({ n: 50 + added++ })
        return page
      })
    const read = (await all(Pagination.keyset({ ...guards, key, compare, fetch }))).map(key)
    assert.deepStrictEqual(
      read,
      Array.from({ length: 60 }, (_, n) => n),
    )
  })

  it("saves the last question where the page size is known", async () => {
    let asked = 0
    const fetch = (after: number | undefined) =>
      Effect.sync(() => {
        asked += 1
        return Array.from({ length: 12 }, (_, n) => ({ n }))
          .filter((row) => row.n > (after ?? -1))
          .slice(0, 5)
      })
    assert.strictEqual((await all(Pagination.keyset({ ...guards, key, compare, fetch, lastBelow: 5 }))).length, 12)
    assert.strictEqual(asked, 3)
  })

  it("that does not go forward is Decode: the same page, a tie over the border, a page out of order", async () => {
    for (const page of [
      [{ n: 1 }, { n: 2 }],
      [{ n: 2 }, { n: 2 }],
      [{ n: 3 }, { n: 1 }],
    ]) {
      const { error } = await until(Pagination.keyset({ ...guards, key, compare, fetch: () => Effect.succeed(page) }))
      assert.strictEqual(error.reason._tag, "Decode")
    }
  })
})
