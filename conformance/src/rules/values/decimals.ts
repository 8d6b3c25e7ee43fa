import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import { roundTrip } from "../../kit/RoundTrip.ts"
import type { Rule } from "../../kit/Rule.ts"

/** Thirty digits, and what a JavaScript number cannot say. */
const WHOLE = "123456789012345678901234567890"
const FRACTION = "123456789"

export const decimals: Rule = {
  id: "V/decimals",
  level: "MUST",
  needs: ["writes", "decimals"],
  promise: "a decimal of as many digits as the vendor's field keeps goes in and comes out to the last digit",
  hazards: [
    Hazard.lines("a number went over the wire that no JavaScript number holds", ({ requestBody }) => {
      const numbers = requestBody.match(/\d[\d.]{14,}/g) ?? []
      return numbers.some((text) => String(Number(text)) !== text)
    }),
  ],
  assertions: 8,
  check: (bench, witness) => {
    const probe = need(bench.values?.decimal, "decimals")
    const { fraction, whole } = probe.digits ?? { whole: 30, fraction: 9 }
    const long = `${WHOLE.slice(0, whole)}${fraction === 0 ? "" : `.${FRACTION.slice(0, fraction)}`}`
    const small = fraction === 0 ? "1" : `0.${"0".repeat(fraction - 1)}1`
    return bench.run(roundTrip(bench, witness, probe, [{ value: long }, { value: small }, { value: "0.1" }]))
  },
}
