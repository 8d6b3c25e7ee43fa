import { derive, isPublicMail } from "@mortise/core/Domain"
import { describe, expect, it } from "vitest"

describe("the domain of a business", () => {
  it("is of the web address, in small letters and without what stands around the host", () => {
    const web = { name: "rossi.example", source: "web" }
    for (const address of ["https://www.Rossi.example/shop?x=1", " rossi.example:8080 ", "ROSSI.example#top"]) {
      expect(derive(address, "a@other.example")).toEqual(web)
    }
  })

  it("is of the email where no web address tells", () => {
    const email = { name: "blauwal.example", source: "email" }
    for (const web of [null, undefined, "", "nothing", "http://localhost"]) {
      expect(derive(web, "post@Blauwal.example ")).toEqual(email)
    }
  })

  it("is never of a public mail host, which says nothing of who writes, but may be its owner's web address", () => {
    for (const host of ["gmail.com", "GMX.de", "freenet.de", "163.com", "yahoo.co.uk", "hotmail.fr", "gmx.at"]) {
      expect(derive(null, `someone@${host}`)).toBeUndefined()
    }
    expect(derive("https://www.freenet.de", "post@freenet.de")).toEqual({ name: "freenet.de", source: "web" })
  })

  it("knows a host of public mail in every country, and nothing that is only named like one", () => {
    expect(["outlook.de", " Live.CO.UK ", "yahoo.com.br", "orange.fr"].filter((host) => !isPublicMail(host))).toEqual(
      [],
    )
    const own = ["gmail.example", "mygmx.de", "live.example", "yahoo.evil.com", "orange.example", "live", ""]
    expect(own.filter(isPublicMail)).toEqual([])
  })

  it("is none where there is no address", () => {
    expect([derive(undefined, undefined), derive("nothing", "no mail"), derive(null, "rossi.example")]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
