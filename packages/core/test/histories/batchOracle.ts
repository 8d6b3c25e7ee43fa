/** What a batch history must come to, worked out from its script alone and in another way than the code under test. */
import { POISON, type Script, type Write } from "./batchScript.ts"

export interface Expected {
  /** Positions of the inputs that are one record, in their order. */
  readonly inputs: ReadonlyArray<number>
  readonly fields: { readonly [field: string]: unknown }
  readonly id: string | undefined
  readonly key: string | undefined
  readonly poisoned: boolean
}

export const isRefused = (write: Write): boolean =>
  (write.key === undefined && write.id === undefined) ||
  write.key === "" ||
  (write.key?.length ?? 0) > 1024 ||
  Number.isNaN(write.fields.daysOverdue) ||
  write.fields.asOf !== undefined

const merge = (writes: ReadonlyArray<Write>): Expected["fields"] => {
  const names = new Set(writes.flatMap((write) => Object.keys(write.fields)))
  const out: { [field: string]: unknown } = {}
  for (const name of names) {
    const values = writes.flatMap((write) => (name in write.fields ? [write.fields[name as never] as unknown] : []))
    out[name] = name === "custom" ? Object.assign({}, ...values) : values.at(-1)
  }
  return out
}

/** Two inputs are one record when they share an id or a key. In these scripts a key has one id. */
export const expect = ({ there, writes }: Script): ReadonlyArray<Expected> => {
  const idOf = (write: Write) => write.id ?? (write.key === undefined ? undefined : idNamed(write.key))
  // The call itself has to bring key and id together; that the vendor knows them does not fold them.
  const idNamed = (key: string) => writes.find((write) => write.key === key && write.id !== undefined)?.id
  const nameOf = (write: Write) => idOf(write) ?? write.key
  const names = [...new Set(writes.filter((write) => !isRefused(write)).map(nameOf))]
  return names.map((name) => {
    const inputs = writes.flatMap((write, index) => (!isRefused(write) && nameOf(write) === name ? [index] : []))
    const own = inputs.map((index) => writes[index] as Write)
    const key = own.find((write) => write.key !== undefined)?.key
    const fields = merge(own)
    const id = own.map(idOf).find((each) => each !== undefined) ?? (key === undefined ? undefined : there.get(key))
    return { inputs, fields, id, key, poisoned: fields["phone"] === POISON }
  })
}

/** Most calls that a request of `n` records with `k` poisoned ones may take. */
export const bound = (n: number, k: number): number => (k === 0 || n === 1 ? 1 : 2 * k * Math.ceil(Math.log2(n)) + 1)
