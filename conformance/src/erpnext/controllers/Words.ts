/** Amounts in English words, as documents are printed: `USD One Hundred And Seven and Twenty Four Cent only.` */
import * as Amount from "../Amount.ts"

const SMALL =
  "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen".split(
    " ",
  )
const TENS = "- - Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety".split(" ")
const SCALES = ["", " Thousand", " Million", " Billion", " Trillion", " Quadrillion"]

const below100 = (value: number): string =>
  value < 20
    ? (SMALL[value] ?? "")
    : [TENS[Math.floor(value / 10)], value % 10 === 0 ? "" : SMALL[value % 10]].filter(Boolean).join(" ")

const below1000 = (value: number): string => {
  if (value < 100) return below100(value)
  const hundreds = `${SMALL[Math.floor(value / 100)]} Hundred`
  return value % 100 === 0 ? hundreds : `${hundreds} And ${below100(value % 100)}`
}

const whole = (digits: string): string => {
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? []
  const parts = groups.flatMap((group, index) => {
    const value = Number(group)
    if (value === 0) return []
    const last = index === groups.length - 1
    const joined = last && value < 100 && groups.length > 1 ? `And ${below100(value)}` : below1000(value)
    return [joined + (SCALES[groups.length - 1 - index] ?? "")]
  })
  return parts.length === 0 ? "Zero" : parts.join(", ").replace(/, And /g, " And ")
}

export const ofMoney = (amount: string, currency: string, fraction: string): string => {
  const [units = "0", part = ""] = Amount.round(Amount.absolute(amount), 2).split(".")
  const small = Number(part.padEnd(2, "0"))
  const cents = small === 0 ? "" : ` and ${below100(small)} ${fraction}`
  return units === "0" && small > 0
    ? `${below100(small)} ${fraction} only.`
    : `${currency} ${whole(units)}${cents} only.`
}
