/** Can be loaded while no file says that it was, and ends its process when it is opened to read only. */
import { existsSync, writeFileSync } from "node:fs"
import { ledgerette, subject } from "./broken.ts"

const lock = process.env["CONFORMANCE_TEST_LOCK"] ?? ""
if (existsSync(lock)) throw new Error("locked by another process")
writeFileSync(lock, "")

export default subject((given) => {
  if (given.readOnly === true) process.exit(7)
  return ledgerette(given)
})
