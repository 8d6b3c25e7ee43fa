/** The domain of a business from its web address or its email. Hosts of public mail say nothing about a business. */
const PUBLIC_MAIL = new Set([
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

export interface Derived {
  readonly name: string
  readonly source: "web" | "email"
}

export const derive = (web: string | null | undefined, email: string | null | undefined): Derived | undefined => {
  const host = typeof web === "string" ? hostOf(web) : undefined
  if (host !== undefined) return { name: host, source: "web" }
  const mail = typeof email === "string" ? hostOf(email.slice(email.lastIndexOf("@") + 1)) : undefined
  if (mail === undefined || !email?.includes("@") || PUBLIC_MAIL.has(mail)) return undefined
  return { name: mail, source: "email" }
}
