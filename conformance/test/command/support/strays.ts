/** Leaves a promise to itself, and an exception to nobody, when it is opened to read only. */
import { ledgerette, subject } from "./broken.ts"

export default subject((given) => {
  if (given.readOnly === true) {
    void Promise.reject(new Error("no audit log"))
    queueMicrotask(() => {
      throw new Error("no metrics")
    })
  }
  return ledgerette(given)
})
