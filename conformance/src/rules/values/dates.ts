import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import { roundTrip } from "../../kit/RoundTrip.ts"
import type { Rule } from "../../kit/Rule.ts"

/** Ends of years and months, a leap day, and the nights on which clocks are put on and back. */
const DAYS = ["2024-02-29", "2025-12-31", "2026-01-01", "2026-03-29", "2026-10-25", "2026-11-01"]

export const dates: Rule = {
  id: "V/dates",
  level: "MUST",
  needs: ["writes", "dates"],
  promise: "a day without a time stays that day, whatever zone the vendor, its tenant or this machine is in",
  hazards: [
    Hazard.lines("days at borders went over the wire", ({ requestBody }) =>
      DAYS.some((day) => requestBody.includes(day) || requestBody.includes(String(Date.parse(day)))),
    ),
  ],
  assertions: 14,
  check: (bench, witness) =>
    bench.run(
      roundTrip(
        bench,
        witness,
        need(bench.values?.date, "dates"),
        DAYS.map((value) => ({ value })),
      ),
    ),
}
