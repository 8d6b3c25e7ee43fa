/** Never lets go of the process when it is opened to read only. */
import { ledgerette, subject } from "./broken.ts"

export default Promise.resolve(
  subject((given) => {
    while (given.readOnly === true) Math.random()
    return ledgerette(given)
  }),
)
