import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import { roundTrip } from "../../kit/RoundTrip.ts"
import type { Rule } from "../../kit/Rule.ts"

const AMOUNTS = [
  { value: "1250", currency: "JPY" },
  { value: "12.345", currency: "KWD" },
  { value: "1234567.89", currency: "EUR" },
]

export const money: Rule = {
  id: "V/money",
  level: "MUST",
  needs: ["writes", "money"],
  promise: "amounts in currencies with no, with two and with three decimals stay what they are",
  hazards: [
    // Some vendors name a currency by an id of their own: each amount here says which one it is of.
    Hazard.make(
      "amounts in several currencies went over the wire",
      ({ lines }) =>
        AMOUNTS.filter(({ value }) => lines.some(({ requestBody }) => requestBody.includes(value))).length - 1,
    ),
  ],
  assertions: 8,
  check: (bench, witness) => bench.run(roundTrip(bench, witness, need(bench.values?.money, "money"), AMOUNTS)),
}
