import type { paths } from "./generated/acumatica/api.js"
import type { CustomersV3Create, Entities } from "./generated/dynamics/entities.js"

export const customer: CustomersV3Create = {
  dataAreaId: "usmf",
  OrganizationName: "Åkerlund & Söner AB",
  CustomerGroupId: "30",
  SalesCurrencyCode: "SEK",
}
// @ts-expect-error nobody can be a customer without a group
export const nobody: CustomersV3Create = { dataAreaId: "usmf" }
export const key: Entities["CustomersV3"]["keys"] = "CustomerAccount"
export type Customer = paths["/Customer"]["get"]
