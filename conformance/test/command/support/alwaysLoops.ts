/** Never lets go of the process. */
import { subject } from "./broken.ts"

export default subject(() => {
  for (;;) Math.random()
})
