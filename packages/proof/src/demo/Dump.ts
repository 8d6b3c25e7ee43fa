/** `--dump`: both worlds as JSON, in a folder that the caller names. */
import { access, constants, cp, mkdir, realpath } from "node:fs/promises"
import { isAbsolute, join, relative, resolve, sep } from "node:path"
import * as Files from "./Files.ts"
import { UsageError } from "./Options.ts"

const isWithin = (folder: string, parent: string): boolean => {
  const way = relative(parent, folder)
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Where links lead; a folder that is not there yet is where it says. */
const real = (folder: string): Promise<string> => realpath(folder).catch(() => folder)

const refuseOwn = (named: string, folder: string, own: string): void => {
  if (isWithin(folder, own))
    throw new UsageError(`--dump: "${named}" is in ${Files.folder}, where the demo keeps its own worlds`)
}

/** Before anything runs: a folder that cannot be written to would only be found out when all is done. */
export const prepare = async (named: string): Promise<void> => {
  if (named === "") throw new UsageError(`--dump: expected a folder, got ""`)
  const folder = resolve(named)
  refuseOwn(named, folder, Files.folder)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new UsageError(
      `--dump: "${named}" is no folder to write to: ${error instanceof Error ? error.message : error}`,
    )
  }
  refuseOwn(named, await real(folder), await real(Files.folder))
}

export const write = async (folder: string): Promise<void> => {
  for (const file of [Files.erpWorld, Files.hubspotWorld]) await cp(file, join(folder, Files.base(file)))
}
