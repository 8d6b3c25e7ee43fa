/** How deliveries are signed. HubSpot: webhook guides, signatures v1, v2 and v3. */
import { createHash, createHmac } from "node:crypto"

/** Percent codes that are decoded before signing; the `?` that starts the query stays where it is. */
const DECODED = /%(3A|2F|3F|40|21|27|28|29|2A|2C|3B|24)/gi

/** The uri as it goes into the v3 signature. */
export const signedUri = (uri: string): string => uri.replace(DECODED, (code) => decodeURIComponent(code))

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex")

export const v3 = (secret: string, method: string, uri: string, body: string, timestamp: number): string =>
  createHmac("sha256", secret)
    .update(`${method}${signedUri(uri)}${body}${timestamp}`, "utf8")
    .digest("base64")

/** The headers of one delivery: v3, and v1 beside it. */
export const headers = (secret: string, uri: string, body: string, timestamp: number): Record<string, string> => ({
  "content-type": "application/json",
  "x-hubspot-signature-v3": v3(secret, "POST", uri, body, timestamp),
  "x-hubspot-request-timestamp": String(timestamp),
  "x-hubspot-signature": sha256(`${secret}${body}`),
  "x-hubspot-signature-version": "v1",
})
