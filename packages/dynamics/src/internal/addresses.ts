/** How the sets name the parts of an address. */
import type { AddressNames } from "./Reader.ts"

const customer = (start: "Address" | "DeliveryAddress"): AddressNames => ({
  street: `${start}Street`,
  city: `${start}City`,
  state: `${start}State`,
  zip: `${start}ZipCode`,
  iso: `${start}CountryRegionISOCode`,
  country: `${start}CountryRegionId`,
})

export const primary = customer("Address")
export const delivery = customer("DeliveryAddress")

export const contact: AddressNames = {
  street: "PrimaryAddressStreet",
  city: "PrimaryAddressCity",
  state: "PrimaryAddressStateId",
  zip: "PrimaryAddressZipCode",
  iso: "PrimaryAddressCountryRegionISOCode",
  country: "PrimaryAddressCountryRegionId",
}
