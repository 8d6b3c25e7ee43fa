/** Countries by the three letters of the environment and by ISO 3166. */
const ISO: { readonly [region: string]: string } = {
  USA: "US",
  DEU: "DE",
  GBR: "GB",
  FRA: "FR",
  ITA: "IT",
  ESP: "ES",
  NLD: "NL",
  BEL: "BE",
  AUT: "AT",
  CHE: "CH",
  SWE: "SE",
  NOR: "NO",
  DNK: "DK",
  FIN: "FI",
  POL: "PL",
  PRT: "PT",
  IRL: "IE",
  CAN: "CA",
  MEX: "MX",
  BRA: "BR",
  JPN: "JP",
  CHN: "CN",
  IND: "IN",
  AUS: "AU",
  NZL: "NZ",
  KWT: "KW",
  ARE: "AE",
  ISR: "IL",
  TUR: "TR",
  ZAF: "ZA",
}

const REGIONS = new Map(Object.entries(ISO).map(([region, iso]) => [iso, region]))

export const isoOf = (region: string): string | undefined => ISO[region]

export const regionOf = (iso: string): string | undefined => REGIONS.get(iso)
