/** Where an account answers. The name of an account is untrusted: it becomes a label of a host, or nothing. */

const ACCOUNT = /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/

/** `1234567_SB1` is the host `1234567-sb1`; undefined for what is no name of an account. */
export const label = (account: string): string | undefined =>
  ACCOUNT.test(account) && account.length <= 40 ? account.toLowerCase().replaceAll("_", "-") : undefined

/** The same account, however it is written. */
export const isSameAccount = (a: string, b: string): boolean => label(a) !== undefined && label(a) === label(b)

export const services = (account: string): string => `https://${label(account) ?? ""}.suitetalk.api.netsuite.com`

/** The page of consent stands on another host than the services. Oracle: help, section 158081944642. */
export const consent = (account: string): string =>
  `https://${label(account) ?? ""}.app.netsuite.com/app/login/oauth2/authorize.nl`

export const token = "/services/rest/auth/oauth2/v1/token"
