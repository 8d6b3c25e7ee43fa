/** Counts its openings in the module, and has a pool for two of them. */
import { ledgerette, subject } from "./broken.ts"

const pool = { left: 2 }

export default subject((given) => {
  if (pool.left === 0) throw new Error("the pool is empty")
  pool.left -= 1
  return ledgerette(given)
})
