/** Values of the world's records, where they are texts. */
interface Row {
  readonly fields: { readonly [member: string]: string | boolean | null }
}

/** Undefined for what is not there, is empty, or is no text. */
export const cellOf = (row: Row, member: string): string | undefined => {
  const cell = row.fields[member]
  return typeof cell === "string" && cell !== "" ? cell : undefined
}
