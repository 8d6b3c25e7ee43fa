import * as Hazard from "../../kit/Hazard.ts"
import { roundTrip } from "../../kit/RoundTrip.ts"
import type { Rule } from "../../kit/Rule.ts"

const TEXTS = [
  "شركة النور للتجارة",
  "חברת אור בע״מ",
  "株式会社 青空",
  "𝔄 Müller & Sœur 👩‍👩‍👧",
  "e\u0301 (combined) \u00e9",
  "a\\b/c|d_e",
]

export const texts: Rule = {
  id: "V/texts",
  level: "MUST",
  needs: ["writes"],
  promise: "right-to-left, East Asian, astral and combined text goes in and comes out sign by sign",
  hazards: [
    Hazard.lines("such text went over the wire", ({ requestBody }) =>
      TEXTS.some((text) => requestBody.includes(text) || requestBody.includes(JSON.stringify(text).slice(1, -1))),
    ),
  ],
  assertions: 14,
  check: (bench, witness) => {
    const { party } = bench
    const probe = {
      entity: party.entity,
      write: (n: number, name: string) => party.write(n, { name }),
      inWorld: (key: string) => party.records().find((one) => one.key === key)?.name,
      read: (record: unknown) => (record as { readonly name?: string } | undefined)?.name,
    }
    return bench.run(
      roundTrip(
        bench,
        witness,
        probe,
        TEXTS.map((value) => ({ value })),
      ),
    )
  },
}
