/** All mutants, listed by hand. */
import { auth } from "./auth.ts"
import { errors } from "./errors.ts"
import { idempotency } from "./idempotency.ts"
import type { Known } from "./Known.ts"
import { lifecycle } from "./lifecycle.ts"
import { ownership } from "./ownership.ts"
import { reading } from "./reading.ts"
import { security } from "./security.ts"
import { throttling } from "./throttling.ts"
import { values } from "./values.ts"

export const mutants: ReadonlyArray<Known> = [
  ...idempotency,
  ...ownership,
  ...reading,
  ...values,
  ...auth,
  ...throttling,
  ...errors,
  ...security,
  ...lifecycle,
]
