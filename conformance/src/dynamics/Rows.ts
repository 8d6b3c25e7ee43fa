/** Records as JSON: the ETag first, then keys, then the rest; whole, or the fields that were selected. */

import * as Links from "./Links.ts"
import type { Field } from "./Model.ts"
import { NAMESPACE } from "./Model.ts"
import type { Expand, Query } from "./Query.ts"
import type { Doc } from "./Record.ts"
import * as Values from "./Values.ts"
import * as View from "./View.ts"

type Row = Record<string, unknown>

export interface Shape {
  /** `Accept: ...odata.metadata=full` */
  readonly full: boolean
  readonly root: string
}

const annotate = (row: Row, view: View.View, doc: Doc, root: string): void => {
  const address = View.address(view, doc)
  row["@odata.type"] = `#${NAMESPACE}.${view.model.type}`
  row["@odata.id"] = `${root}/${address}`
  row["@odata.editLink"] = address
}

const fill = (row: Row, view: View.View, doc: Doc, fields: Iterable<Field>, full: boolean): void => {
  for (const field of fields) {
    const note = full ? Values.annotation(field) : undefined
    if (note !== undefined) row[`${field.name}@odata.type`] = note
    row[field.name] = Values.render(field, View.cell(view, doc, field))
  }
}

const expanded = (view: View.View, doc: Doc, { link, select }: Expand): unknown => {
  const target = view.world.view(link.target)
  const fields = select?.map((name) => View.field(target, name)) ?? [...target.model.fields.values()]
  const rows = Links.follow(view, doc, link).map((one) => {
    const row: Row = { "@odata.etag": View.etag(target, one) }
    fill(row, target, one, fields, false)
    return row
  })
  return link.many ? rows : (rows[0] ?? null)
}

export const render = (view: View.View, doc: Doc, query: Pick<Query, "select" | "expand">, shape: Shape): Row => {
  const row: Row = {}
  if (shape.full) annotate(row, view, doc, shape.root)
  row["@odata.etag"] = View.etag(view, doc)
  fill(row, view, doc, query.select ?? view.model.fields.values(), shape.full)
  if (shape.full) {
    for (const { name } of view.model.links.values()) {
      row[`${name}@odata.navigationLink`] = `${shape.root}/${View.address(view, doc)}/${name}`
    }
  }
  for (const one of query.expand) row[one.link.name] = expanded(view, doc, one)
  return row
}
