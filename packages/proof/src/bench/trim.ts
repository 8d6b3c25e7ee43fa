/** A `$metadata` as large as a real one, cut to the thirty sets that a tenant uses: how long it takes, and how much memory. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as foMetadata from "./foMetadata.ts"
import { type Generated, measure as measureOne, megabytes } from "./generate.ts"

export interface Trimmed extends Generated {
  /** Of the file, in bytes. */
  readonly size: number
}

const SEED = 1

export const measure = async (): Promise<Trimmed> => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-bench-"))
  try {
    const path = join(folder, "metadata.xml")
    const size = await foMetadata.write(path, SEED)
    return { size, ...(await measureOne("dynamics", path, foMetadata.asked())) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const line = ({ bytes, peak, read, schemas, size, write }: Trimmed): string =>
  `$metadata of ${megabytes(size)} and ${foMetadata.FULL.entityTypes} entity types, cut to ${foMetadata.asked().length} sets: ` +
  `${((read + write) / 1000).toFixed(1)} s (goal: under 10), ${megabytes(peak * 1024)} of memory (goal: under 1024 MB); ` +
  `read ${read.toFixed(0)} ms, written ${write.toFixed(0)} ms, ${schemas} schemas, ${megabytes(bytes)}`
