/** The ERPs of the demo, listed by hand. */
import type { Erp } from "../Erp.ts"
import { acumatica } from "./Acumatica.ts"
import { dynamics } from "./Dynamics.ts"
import { erpnext } from "./ErpNext.ts"
import { netsuite } from "./NetSuite.ts"

export const erps: ReadonlyArray<Erp> = [acumatica, dynamics, erpnext, netsuite]

export const erpOf = (name: string): Erp => {
  const found = erps.find((one) => one.name === name)
  if (found === undefined) throw new RangeError(`no ERP ${name}: expected ${erps.map((one) => one.name).join(", ")}`)
  return found
}
