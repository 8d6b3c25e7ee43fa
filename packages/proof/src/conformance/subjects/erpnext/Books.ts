/** What documents point to, entered by hand once. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import { START } from "@mortise/conformance/kit/Bench"

/** Named as the site names customers: by what they are called. */
export const BUYER = "Buyer"

const $modified = START - 7_200_000

export const enterBuyer = (world: ErpNextTwin.ErpNextWorld): void => {
  if (world.get("Customer", BUYER) === undefined) world.seed("Customer", [{ customer_name: BUYER, $modified }])
}

export const enterItems = (world: ErpNextTwin.ErpNextWorld): void => {
  const item = (code: string, name: string) => ({
    item_code: code,
    item_name: name,
    item_group: "Products",
    stock_uom: "Nos",
    is_stock_item: 0,
    $modified,
  })
  const all = [item("BOLT", "Bolt"), item("NUT", "Nut")]
  const missing = all.filter(({ item_code }) => world.get("Item", item_code) === undefined)
  world.seed("Item", missing)
}
