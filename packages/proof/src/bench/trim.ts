/** A `$metadata` as large as a real one, cut to the thirty sets that a tenant uses: how long it takes, and how much memory. */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import * as foMetadata from "./foMetadata.ts"

export interface Trimmed {
  /** Of the file, in bytes. */
  readonly size: number
  /** Milliseconds. */
  readonly read: number
  readonly write: number
  /** The most memory that the process held, in kilobytes. */
  readonly peak: number
  readonly schemas: number
  /** Of what was written. */
  readonly bytes: number
}

const SEED = 1

export const measure = async (): Promise<Trimmed> => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-bench-"))
  try {
    const path = join(folder, "metadata.xml")
    const size = await foMetadata.write(path, SEED)
    const program = join(import.meta.dirname, "trim.main.ts")
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@mortise/source", program, path])
    return { size, ...(JSON.parse(stdout) as Omit<Trimmed, "size">) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

export const line = ({ bytes, peak, read, schemas, size, write }: Trimmed): string =>
  `$metadata of ${megabytes(size)} and ${foMetadata.FULL.entityTypes} entity types, cut to ${foMetadata.asked().length} sets: ` +
  `${((read + write) / 1000).toFixed(1)} s (goal: under 10), ${megabytes(peak * 1024)} of memory (goal: under 1024 MB); ` +
  `read ${read.toFixed(0)} ms, written ${write.toFixed(0)} ms, ${schemas} schemas, ${megabytes(bytes)}`
