/** The books without what two equal runs may differ in: ids, times, and the numbers that the instance counts out. */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"

const OF_THE_RUN = /^(id|created|BAccountID|ContactID|OrderNbr|ReferenceNbr|LineNbr|\w*modified)$/i

/** Numbers that were counted out stand for the record that got them, wherever they are pointed to. */
const namesOf = (world: AcumaticaTwin.AcumaticaWorld): ReadonlyMap<string, string> =>
  new Map(
    world.all("Customer").flatMap(({ fields }) => {
      const number = String(fields["CustomerID"])
      return /^C\d{6}$/.test(number) ? [[number, `<${fields["AccountRef"] ?? fields["CustomerName"]}>`] as const] : []
    }),
  )

export const of = (world: AcumaticaTwin.AcumaticaWorld): ReadonlyArray<string> => {
  const names = namesOf(world)
  const lasting = (key: string, value: unknown): unknown => {
    if (OF_THE_RUN.test(key)) return undefined
    return typeof value === "string" ? (names.get(value) ?? value) : value
  }
  return world
    .dump()
    .tenants.flatMap(({ stores }) =>
      Object.entries(stores).flatMap(([name, { docs }]) =>
        docs.map((doc) => `${name} ${JSON.stringify(doc, lasting)}`),
      ),
    )
    .sort()
}
