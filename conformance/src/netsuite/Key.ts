/** A key pair for assertions that follows from a word: no key stands in the code, and everybody makes the same one. */
import * as crypto from "node:crypto"

export interface Pair {
  /** PKCS#8 in PEM. */
  readonly privateKey: string
  /** SPKI in PEM. */
  readonly publicKey: string
}

/** On the curve P-256, for ES256. */
export const pair = (word: string): Pair => {
  const scalar = crypto.createHash("sha256").update(word).digest()
  const curve = crypto.createECDH("prime256v1")
  curve.setPrivateKey(scalar)
  const point = curve.getPublicKey()
  const base64 = (bytes: Buffer) => bytes.toString("base64url")
  const [x, y] = [base64(point.subarray(1, 33)), base64(point.subarray(33))]
  const key = crypto.createPrivateKey({ key: { kty: "EC", crv: "P-256", d: base64(scalar), x, y }, format: "jwk" })
  return {
    privateKey: key.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey: crypto.createPublicKey(key).export({ type: "spki", format: "pem" }) as string,
  }
}
