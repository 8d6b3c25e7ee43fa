/** Makes columns out of members of records. */
import * as Labels from "../Labels.ts"
import type { Cell, Row } from "../Record.ts"
import * as Render from "../Render.ts"
import type { Member, Shape } from "../Shapes.ts"
import type { NetSuiteWorld } from "../World.ts"
import * as Zone from "../Zone.ts"
import type { Column } from "./Tables.ts"
import { exact, Moment, numeric, type Value } from "./Values.ts"

/** Stamps in the zone that queries show, floored. */
export const stampOf = (world: NetSuiteWorld, millis: number): Moment => {
  const shown = Zone.floor(millis, world.knobs.granularity)
  return new Moment(world.knobs.queryZone === "account" ? Zone.wall(shown, world.knobs) : shown, true)
}

export const dayOf = (day: string): Moment => new Moment(Date.parse(`${day}T00:00:00Z`), false)

export const truth = (value: boolean): string => (value ? "T" : "F")

export const cellValue = (world: NetSuiteWorld, member: Member, cell: Cell): Value => {
  if (cell === null) return null
  if (typeof cell === "boolean") return truth(cell)
  switch (member.kind) {
    case "integer":
      return numeric(cell)
    case "number":
      return exact(cell)
    case "date":
      return dayOf(cell)
    case "dateTime":
      return stampOf(world, Number(cell))
    case "ref":
      return /^-?\d+$/.test(cell) ? Number(cell) : cell
    default:
      return cell
  }
}

const wordOf = (world: NetSuiteWorld, type: string, name: string, member: Member, cell: Cell): Value => {
  if (typeof cell !== "string") return cellValue(world, member, cell)
  if (member.kind === "enum") return Labels.labelOf(type, name, cell)
  if (member.kind !== "ref" || member.table === undefined) return cellValue(world, member, cell)
  const target = world.table(member.table).get(cell)
  return target === undefined ? cell : world.nameOf(target)
}

/** A column for a member: what it holds, and what people see of it. */
export const member = (world: NetSuiteWorld, type: string, name: string, of: Member): Column => {
  const view: Render.View = { world, base: "", expand: false, bareEnums: true }
  const cell = (row: Row): Cell => Render.cellOf(view, type, row, name)
  return {
    get: (row: Row) => cellValue(world, of, cell(row)),
    shown: (row: Row) => wordOf(world, type, name, of, cell(row)),
  }
}

/** Every member that is one value, but for those that go by another name or are not there. */
export const members = (
  world: NetSuiteWorld,
  type: string,
  shape: Shape,
  not: ReadonlySet<string> = new Set(),
): ReadonlyArray<readonly [string, Column]> =>
  [...shape.members]
    .filter(([name, of]) => !not.has(name) && !["sub", "refs", "part"].includes(of.kind))
    .filter(([name]) => !(world.knobs.missingFields[type]?.includes(name) ?? false))
    .map(([name, of]) => [name.toLowerCase(), member(world, type, name, of)])

/** A column that is computed; shown as it is unless told. */
export const column = <R>(get: (row: R) => Value, shown?: (row: R) => Value): Column =>
  shown === undefined ? { get } : { get, shown }
