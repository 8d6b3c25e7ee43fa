/** The domain of a business from its web address or its email. Hosts of public mail say nothing about a business. */

/** Mail for anybody under one name in many countries (`yahoo.co.uk`, `hotmail.fr`). */
const EVERYWHERE = /^(?:googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|gmx|yandex)\.(?:com?\.)?[a-z]{2,3}$/

/** Hosts at which anybody may have an address. */
const PUBLIC_MAIL: ReadonlySet<string> = new Set([
  "gmail.com",
  "rocketmail.com",
  "icloud.com",
  "me.com",
  "mac.com",
  "web.de",
  "t-online.de",
  "freenet.de",
  "arcor.de",
  "bluewin.ch",
  "orange.fr",
  "wanadoo.fr",
  "free.fr",
  "sfr.fr",
  "laposte.net",
  "libero.it",
  "virgilio.it",
  "telenet.be",
  "ziggo.nl",
  "btinternet.com",
  "comcast.net",
  "verizon.net",
  "att.net",
  "wp.pl",
  "o2.pl",
  "seznam.cz",
  "mail.ru",
  "bk.ru",
  "qq.com",
  "163.com",
  "126.com",
  "sina.com",
  "naver.com",
  "proton.me",
  "protonmail.com",
  "zoho.com",
])

/** Whether anybody may have an address at this host: it says nothing of which business somebody belongs to. */
export const isPublicMail = (domain: string): boolean => {
  const host = domain.trim().toLowerCase()
  return PUBLIC_MAIL.has(host) || EVERYWHERE.test(host)
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/

const hostOf = (web: string): string | undefined => {
  const bare = web
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#:].*$/, "")
    .replace(/^www\./, "")
  return HOST.test(bare) ? bare : undefined
}

/** A domain without `www.`, in small letters, and what it was taken from. */
export interface Derived {
  readonly name: string
  readonly source: "web" | "email"
}

/**
 * The host of the web address, else that of the email unless it is one of public mail; undefined where neither tells. What
 * is no address of the internet (a word, a name without a dot) counts as not there.
 */
export const derive = (web: string | null | undefined, email: string | null | undefined): Derived | undefined => {
  const host = typeof web === "string" ? hostOf(web) : undefined
  if (host !== undefined) return { name: host, source: "web" }
  const mail = typeof email === "string" ? hostOf(email.slice(email.lastIndexOf("@") + 1)) : undefined
  if (mail === undefined || !email?.includes("@") || isPublicMail(mail)) return undefined
  return { name: mail, source: "email" }
}
