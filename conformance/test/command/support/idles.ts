/** Ends its process a moment after it was loaded, when nothing is asked of it. */
import { ledgerette, subject } from "./broken.ts"

setTimeout(() => process.exit(3), 30)

export default subject(ledgerette)
