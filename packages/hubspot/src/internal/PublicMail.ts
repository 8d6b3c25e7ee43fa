/** Hosts at which anybody may have an address: they say nothing about which company somebody belongs to. */
const HOSTS: ReadonlySet<string> = new Set([
  "126.com",
  "163.com",
  "aol.com",
  "gmail.com",
  "gmx.de",
  "gmx.net",
  "googlemail.com",
  "hotmail.com",
  "icloud.com",
  "live.com",
  "mail.ru",
  "me.com",
  "msn.com",
  "outlook.com",
  "proton.me",
  "protonmail.com",
  "qq.com",
  "t-online.de",
  "web.de",
  "yahoo.com",
  "yandex.ru",
  "zoho.com",
])

export const isPublic = (domain: string): boolean => HOSTS.has(domain.trim().toLowerCase())
