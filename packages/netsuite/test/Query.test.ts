import { describe, expect, it } from "vitest"
import * as Filter from "../src/Filter.ts"
import * as Query from "../src/Query.ts"

describe("a query", () => {
  it("binds every value, whatever it holds, and writes none into its text", () => {
    const nasty = `x' OR 1=1 --"?`
    const where = Filter.all(
      Filter.any([Filter.same("email", nasty), Filter.oneOf("type", [nasty, "b"])]),
      Filter.stamped("lastmodifieddate", ">=", nasty),
      Filter.ids("id", ["10", "9"]),
    )
    const { params, q } = Query.select({ columns: [Query.plain("id")], from: "customer", where, orderBy: ["id"] })
    expect(q).toBe(
      "SELECT id FROM customer WHERE (LOWER(email) = ? OR type IN (?, ?)) AND " +
        "lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS') AND id IN (?, ?) ORDER BY id",
    )
    expect(params).toEqual([nasty.toLowerCase(), nasty, "b", nasty, 10, 9])
  })

  it("asks for days and stamps with a mask, for the preferences of the user decide how they are shown", () => {
    const columns = [Query.day("trandate"), Query.stamp("lastmodifieddate", "modified"), Query.label("status", "words")]
    const orderBy = [Query.descending("lastmodifieddate"), "id"]
    expect(Query.select({ columns, from: "transaction", orderBy }).q).toBe(
      "SELECT TO_CHAR(trandate, 'YYYY-MM-DD') AS trandate, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified, " +
        "BUILTIN.DF(status) AS words FROM transaction ORDER BY lastmodifieddate DESC, id",
    )
  })

  it.each(["id; DROP", "ID", "a b", "", "1a", "a.b", "a'"])("takes no name that is none: %j", (name) => {
    expect(() => Filter.equals(name, "x")).toThrow("no name of a column")
    expect(() => Query.plain(name)).toThrow("no name of a column")
    expect(() => Query.select({ columns: [], from: name, orderBy: ["id"] })).toThrow("no name of a column")
  })

  it.each(["", "1e3", "-1", "1 OR 1=1", "9".repeat(16), "0x1"])("finds no record by an id that is none: %j", (id) => {
    expect(Filter.isId(id)).toBe(false)
  })
})
