import * as Counterpart from "../../kit/Counterpart.ts"
import * as Hazard from "../../kit/Hazard.ts"
import * as Relaying from "../../kit/Relaying.ts"
import type { Rule } from "../../kit/Rule.ts"

export const echoEnds: Rule = {
  id: "O/echo-ends",
  level: "MUST",
  needs: ["writes"],
  promise: "our own writes that come back as changes are known for what they are, and are not written back",
  hazards: [
    Hazard.calls(
      "what was written came back as a change",
      ({ delivered, method }) => method === "changes" && delivered.length > 0,
    ),
    Hazard.lines("it was written by us", (line, { stage }) => line.changed && stage.isWrite(line)),
  ],
  assertions: 4,
  check: async (bench, witness) => {
    const rows = [1, 2].map((n) => ({ id: `R${n}`, fields: { name: `Relayed ${n}` } }))
    await bench.run(Relaying.intoParty(bench, rows))
    await bench.run(bench.catchUp)
    const shelf = Counterpart.shelf(rows)
    const back = await bench.run(Relaying.outOfParty(bench, shelf))
    witness.equal(back.read, rows.length, "changes read")
    witness.equal(shelf.written, [], "what was written back")
    const edited = bench.party.records().find(({ name }) => name === "Relayed 2")
    bench.party.edit(edited?.id ?? "", { name: "Edited by hand" })
    await bench.run(bench.catchUp)
    await bench.run(Relaying.outOfParty(bench, shelf))
    witness.equal(shelf.written, ["R2"], "edits of people that were carried over")
    witness.equal(shelf.records.get("R2")?.["name"], "Edited by hand", "what it says")
  },
}
