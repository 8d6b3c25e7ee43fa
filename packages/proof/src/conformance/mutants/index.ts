/** All mutants, listed by hand. */
import { adoption } from "./adoption.ts"
import { auth } from "./auth.ts"
import { documents } from "./documents.ts"
import { errors } from "./errors.ts"
import { idempotency } from "./idempotency.ts"
import type { Known } from "./Known.ts"
import { lifecycle } from "./lifecycle.ts"
import { outcomes } from "./outcomes.ts"
import { ownership } from "./ownership.ts"
import { reading } from "./reading.ts"
import { security } from "./security.ts"
import { throttling } from "./throttling.ts"
import { values } from "./values.ts"

export const mutants: ReadonlyArray<Known> = [
  ...idempotency,
  ...adoption,
  ...outcomes,
  ...documents,
  ...ownership,
  ...reading,
  ...values,
  ...auth,
  ...throttling,
  ...errors,
  ...security,
  ...lifecycle,
]
