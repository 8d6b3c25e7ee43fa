/** Names of new documents: series that give numbers back, fields, titles with a tail, random letters. */
import { type Columns, type Doc, given, text } from "./Doc.ts"
import { crash, thrown } from "./Errors.ts"
import type { Shape } from "./Meta.ts"
import type { Site } from "./Site.ts"

/** `ACC-SINV-.YYYY.-` as the prefix of its counter and its digits. */
const parse = (site: Site, series: string, columns: Columns): { readonly prefix: string; readonly digits: number } => {
  const today = site.today()
  const parts = (series.includes("#") ? series : `${series}.#####`).split(".")
  let prefix = ""
  let digits = 5
  for (const part of parts) {
    if (/^#+$/.test(part)) digits = part.length
    else if (part === "YYYY") prefix += today.slice(0, 4)
    else if (part === "YY") prefix += today.slice(2, 4)
    else if (part === "MM") prefix += today.slice(5, 7)
    else if (part === "DD") prefix += today.slice(8, 10)
    else if (/^\{\w+\}$/.test(part)) prefix += text(columns, part.slice(1, -1))
    else prefix += part
  }
  return { prefix, digits }
}

export const nextInSeries = (site: Site, series: string, columns: Columns): string => {
  const { digits, prefix } = parse(site, series, columns)
  const current = site.store.current(prefix) + 1
  site.store.count(prefix, current)
  return prefix + String(current).padStart(digits, "0")
}

/** Of the newest document of a series: its number is free again. */
export const giveBack = (site: Site, doc: Doc): void => {
  const series = text(doc.columns, "naming_series")
  if (series === "") return
  const { prefix } = parse(site, series, doc.columns)
  const name = text(doc.columns, "name")
  const current = site.store.current(prefix)
  if (name.startsWith(prefix) && Number(name.slice(prefix.length)) === current && current > 0) {
    site.store.count(prefix, current - 1)
  }
}

/** The name itself, or with the first free tail. */
export const withTail = (site: Site, doctype: string, base: string, gap: string): string => {
  if (!site.store.has(doctype, base)) return base
  for (let tail = 1; ; tail += 1) if (!site.store.has(doctype, base + gap + tail)) return base + gap + tail
}

/** An amended document is named after the cancelled one. */
const amended = (site: Site, doc: Doc): string => {
  const from = text(doc.columns, "amended_from")
  const original = site.get(doc.doctype, from)
  const base = original !== undefined && given(original.columns, "amended_from") ? from.replace(/-\d+$/, "") : from
  return withTail(site, doc.doctype, base, "-")
}

/** By the rule of the doctype. */
export const byRule = (site: Site, shape: Shape, doc: Doc): string => {
  if (given(doc.columns, "amended_from")) return amended(site, doc)
  const rule = shape.doctype.autoname ?? ""
  if (rule.startsWith("field:")) {
    const field = rule.slice("field:".length)
    const name = text(doc.columns, field).trim()
    if (name === "") throw thrown(417, "ValidationError", `${shape.name} is named by ${field}, which is empty`)
    return name
  }
  if (rule === "naming_series:") {
    const series = text(doc.columns, "naming_series")
    if (series === "") throw crash("AttributeError", "'NoneType' object has no attribute 'replace'")
    return nextInSeries(site, series, doc.columns)
  }
  return site.hash()
}
