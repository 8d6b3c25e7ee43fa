/** Edits that do not move the stamp of the record that they change: they are made in documents of their own. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { BlindEdit } from "@mortise/conformance/kit/Probe"
import * as Books from "./Books.ts"

const $modified = START - 3_600_000

export const blindEdits = (world: ErpNextTwin.ErpNextWorld): ReadonlyArray<BlindEdit> => [
  {
    says: "a customer's address gets another city",
    entity: "Account",
    enter: () => {
      Books.enterBuyer(world)
      world.seed("Address", [
        {
          address_title: Books.BUYER,
          address_type: "Billing",
          address_line1: "Hafenstr. 1",
          city: "Hamburg",
          country: "Germany",
          links: [{ link_doctype: "Customer", link_name: Books.BUYER }],
          $name: "Buyer-Billing",
          $modified,
        },
      ])
      return Books.BUYER
    },
    edit: () => void world.edit("Address", "Buyer-Billing", { city: "Bremen" }),
  },
  {
    says: "the price of an item is changed",
    entity: "Product",
    enter: () => {
      Books.enterItems(world)
      world.seed("Item Price", [
        { item_code: "BOLT", price_list: "Standard Selling", price_list_rate: "2", $name: "bolt-price", $modified },
      ])
      return "BOLT"
    },
    edit: () => void world.edit("Item Price", "bolt-price", { price_list_rate: "3" }),
  },
]
