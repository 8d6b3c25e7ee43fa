/** What it takes to write the types of a description: time, memory, and how much comes of it. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"

export interface Generated {
  /** Milliseconds. */
  readonly read: number
  readonly write: number
  /** The most memory that the process held, in kilobytes. */
  readonly peak: number
  readonly entities: number
  readonly paths: number
  readonly schemas: number
  /** Of what was written. */
  readonly bytes: number
}

export const measure = async (system: string, path: string, entities?: ReadonlyArray<string>): Promise<Generated> => {
  const program = join(import.meta.dirname, "generate.main.ts")
  const asked = entities === undefined ? [] : [entities.join(",")]
  const args = ["--conditions=@mortise/source", program, system, path, ...asked]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as Generated
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`
