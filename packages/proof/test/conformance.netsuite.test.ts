import { scenarios } from "@mortise/conformance/scenarios/index"
import { describeConformance } from "@mortise/conformance/Vitest"
import { describe, it } from "vitest"
import pins from "../conformance.pins.json" with { type: "json" }
import { subject } from "../src/conformance/subjects/netsuite/NetSuite.ts"

// The other sweeps, and their seeded schedules, are what `npm run conformance` adds.
describeConformance({
  describe,
  it,
  subject,
  scenarios: scenarios.filter(({ id }) => id === "create"),
  seeds: [1, 2, 3],
  pins: pins.netsuite,
})
