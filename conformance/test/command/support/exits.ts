/** Ends the process when it is opened to read only. */
import { ledgerette, subject } from "./broken.ts"

export default () =>
  subject((given) => {
    if (given.readOnly === true) process.exit(3)
    return ledgerette(given)
  })
