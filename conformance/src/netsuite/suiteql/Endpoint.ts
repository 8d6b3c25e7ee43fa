/** The door of queries: pages of at most a thousand rows, of which a hundred thousand can be reached. */
import type { TwinReply } from "../../twin/Twin.ts"
import * as Body from "../Body.ts"
import { type Call, json, may, page, prefers } from "../Call.ts"
import * as Errors from "../Errors.ts"
import * as Zone from "../Zone.ts"
import * as Execute from "./Execute.ts"
import { textOf } from "./Functions.ts"
import { BadQuery, Parser } from "./Parser.ts"
import * as Tables from "./Tables.ts"
import { numeric, Unfit, type Value } from "./Values.ts"

const paramOf = (param: unknown): Value => {
  if (typeof param === "string") return param
  if (typeof param === "boolean") return param ? "T" : "F"
  return numeric(String(param))
}

/** Fisher and Yates; the ranks of rows are kept by a sort that follows. */
const shuffled = <A>(rows: ReadonlyArray<A>, random: () => number): ReadonlyArray<A> => {
  const all = [...rows]
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = all[i] as A
    all[i] = all[j] as A
    all[j] = held
  }
  return all
}

const permitted = (call: Call, { needs }: Tables.TableDef): boolean => {
  if (needs === undefined) return true
  return needs === "deletedRecord" ? call.world.state.role.deletedRecords : may(call.world, needs, "view")
}

const run = (call: Call, q: string, params: ReadonlyArray<unknown>): Execute.Result => {
  const { world } = call
  const parser = new Parser(q)
  const select = parser.whole()
  if (parser.parameterCount !== params.length) {
    throw new BadQuery(`Invalid number of parameters. Expected: ${parser.parameterCount}. Provided: ${params.length}`)
  }
  const wall = world.knobs.queryZone === "account" ? Zone.wall(world.now(), world.knobs) : world.now()
  return Execute.run(
    {
      world,
      catalogue: Tables.catalogue(world),
      params: params.map(paramOf),
      setting: { knobs: world.knobs, wall },
      shuffle: (rows) => (world.knobs.unordered === "shuffled" ? shuffled(rows, call.random) : rows),
      permitted: (table) => permitted(call, table),
    },
    select,
  )
}

/** Some wrong columns end in a 500, on accounts that are so. */
const refusal = (call: Call, error: BadQuery | Unfit): TwinReply => {
  if (call.world.knobs.badColumn === 500 && error.message.startsWith("Field "))
    return Errors.unexpected(`q${call.request.index}`)
  const detail = `Invalid search query. Detailed unprocessed description follows. Search error occurred: ${error.message}.`
  return Errors.reply(400, [{ detail, code: "INVALID_PARAMETER", queryParam: "q" }])
}

export const handle = (call: Call): TwinReply => {
  if (!prefers(call.request, "transient")) {
    throw Errors.refuse(400, {
      detail: "The required request header 'Prefer' is missing or its value is not 'transient'.",
      code: "INVALID_HEADER",
      header: "Prefer",
    })
  }
  const { params = [], q } = Body.parse(call.request.body) as {
    readonly q: string
    readonly params?: ReadonlyArray<unknown>
  }
  const { queryCap, queryPage } = call.world.knobs
  if (Number(call.request.url.searchParams.get("offset") ?? "0") >= queryCap) {
    throw Errors.badParameter(`A query returns at most ${queryCap} results.`, "offset")
  }
  try {
    const { names, rows } = run(call, q, params)
    const { envelope, items } = page(call, rows.slice(0, queryCap), queryPage)
    const setting = { knobs: call.world.knobs, wall: 0 }
    const shown = items.map((row) => {
      const cells = names.flatMap((name, index) => {
        const text = textOf(row[index] ?? null, setting)
        return text === null ? [] : [[name, text] as const]
      })
      return { links: [], ...Object.fromEntries(cells) }
    })
    return json(200, { ...envelope, items: shown })
  } catch (error) {
    if (error instanceof BadQuery || error instanceof Unfit) return refusal(call, error)
    throw error
  }
}
