/** All rules, listed by hand. */
import type { Rule } from "../kit/Rule.ts"
import { auth } from "./auth/index.ts"
import { errors } from "./errors/index.ts"
import { idempotency } from "./idempotency/index.ts"
import { lifecycle } from "./lifecycle/index.ts"
import { ownership } from "./ownership/index.ts"
import { reading } from "./reading/index.ts"
import { security } from "./security/index.ts"
import { throttling } from "./throttling/index.ts"
import { values } from "./values/index.ts"

export const rules: ReadonlyArray<Rule> = [
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
