import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as Secrets from "../src/internal/Secrets.ts"

const refusal = (...args: ReadonlyArray<string>) => Option.getOrUndefined(Secrets.find(args))

const TOKEN = "pat-eu1-0a1b2c3d-1111-4222-a333-444455556666"
const JWT = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhYmMifQ.c2lnbmF0dXJl"

describe("credentials on the command line", () => {
  for (const args of [
    ["--token", "s3cret"],
    ["--token=s3cret"],
    ["--password", "s3cret"],
    ["--api-key", "s3cret"],
    ["--client-secret=s3cret"],
    ["--header", "Authorization: s3cret"],
    ["-u", "me:s3cret"],
    ["--from", "https://me:s3cret@erp.example.com/acme"],
    ["--from=https://s3cret@erp.example.com/acme"],
    ["--from", "https://me:s3c#ret@erp.example.com/acme"],
    ["--from", "https://erp.example.com/swagger.json?access_token=s3cret"],
    ["--from", "https://erp.example.com/swagger.json?hapikey=s3cret"],
    ["--from", "https://erp.example.com/swagger.json?X-Amz-Signature=s3cret"],
    ["--from", "https://erp.example.com/swagger.json#token=s3cret"],
    ["--from", "Bearer s3cret-s3cret"],
    ["--from", "token s3cret:s3cret"],
    ["--config", TOKEN],
    ["generate", JWT],
  ]) {
    it(`refuses ${args.join(" ").replaceAll("s3cret", "…").slice(0, 70)}`, () => {
      const error = refusal("generate", ...args)
      expect(error).toBeDefined()
      const told = `${error?.message} ${error?.hint}`
      for (const secret of ["s3c", TOKEN, JWT]) expect(told).not.toContain(secret)
      expect(told).toMatch(/environment/)
    })
  }
})

describe("what is no secret", () => {
  for (const args of [
    ["--help"],
    ["-h"],
    ["--version"],
    [
      "--system",
      "acumatica",
      "--from",
      "https://erp.example.com/acme/entity/Default/24.200.001/swagger.json?company=Acme",
    ],
    ["--from", "https://org.operations.dynamics.com/data/$metadata"],
    ["--from", "https://123.suitetalk.api.netsuite.com/services/rest/record/v1/metadata-catalog?select=customer"],
    ["--from", "/home/me/token-service/openapi.yaml"],
    ["--from", "me@work/openapi.json"],
    ["--entities", "Customer,Sales Order,API Key"],
    ["--from", "https://host.example/v2@latest/openapi.json"],
  ]) {
    it(`takes ${args.join(" ").slice(0, 80)}`, () => {
      expect(refusal("generate", ...args)).toBeUndefined()
    })
  }
})
