/** The folder of this package, and the program in it. */
import { fileURLToPath } from "node:url"

export const HOME = fileURLToPath(new URL("../../", import.meta.url))
export const BIN = `${HOME}bin/mortise.js`
