/** The domain of a business from its web address or its email. Hosts of public mail say nothing about a business. */

/** Hosts at which anybody may have an address. */
const PUBLIC_MAIL: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "yahoo.com",
  "icloud.com",
  "me.com",
  "aol.com",
  "gmx.de",
  "gmx.net",
  "gmx.com",
  "web.de",
  "t-online.de",
  "freenet.de",
  "orange.fr",
  "wanadoo.fr",
  "free.fr",
  "laposte.net",
  "libero.it",
  "mail.ru",
  "yandex.ru",
  "qq.com",
  "163.com",
  "126.com",
  "naver.com",
  "proton.me",
  "protonmail.com",
  "zoho.com",
])

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
  if (mail === undefined || !email?.includes("@") || PUBLIC_MAIL.has(mail)) return undefined
  return { name: mail, source: "email" }
}
