import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import * as TwinModel from "../src/TwinModel.ts"

const NAMESPACE = "Microsoft.Dynamics.DataEntities"
const CORE = "Microsoft.Dynamics.OData.Core.V1"

const document = (inside: string): string => `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">${inside}</Schema>
</edmx:DataServices></edmx:Edmx>`

const SMALL = document(`
<EnumType Name="Zone"><Member Name="North" Value="2"/><Member Name="South" Value="1"/></EnumType>
<EnumType Name="NoYes"><Member Name="Yes" Value="1"/><Member Name="No" Value="0"/></EnumType>
<EntityType Name="Thing"><Key><PropertyRef Name="dataAreaId"/><PropertyRef Name="Id"/></Key>
  <Property Name="dataAreaId" Type="Edm.String" Nullable="false"/>
  <Property Name="Id" Type="Edm.Int64" Nullable="false"/>
  <Property Name="Group" Type="Edm.String"><Annotation Term="${CORE}.IsRequired" Bool="true"/></Property>
  <Property Name="Flag" Type="${NAMESPACE}.NoYes"><Annotation Term="${CORE}.AllowEdit" Bool="false"/></Property>
  <Property Name="Day" Type="Edm.DateTimeOffset" Nullable="false"><Annotation Term="${CORE}.AXType" EnumMember="${CORE}.AXType/Date"/></Property>
  <Property Name="At" Type="Edm.DateTimeOffset" Nullable="false"><Annotation Term="${CORE}.AXType" EnumMember="${CORE}.AXType/UtcDateTime"/></Property>
  <Property Name="When" Type="Edm.DateTimeOffset" Nullable="false"/>
  <NavigationProperty Name="Parts" Type="Collection(${NAMESPACE}.Thing)"/>
  <NavigationProperty Name="Elsewhere" Type="${NAMESPACE}.Thing"/>
</EntityType>
<EntityContainer Name="Resources"><EntitySet Name="Things" EntityType="${NAMESPACE}.Thing">
  <NavigationPropertyBinding Path="Parts" Target="Things"/></EntitySet></EntityContainer>`)

describe("the model of a twin", () => {
  it("tells kinds, nullability, what is required and what may be written, and both kinds of dates", () => {
    expect(TwinModel.generate(SMALL)).toContain(
      '"fields":"dataAreaId:s Id:l Group:s?* Flag:e.NoYes?~ Day:A At:U When:D"',
    )
  })

  it("puts the member 0 of an enumeration first, and marks one that has none", () => {
    const made = TwinModel.generate(SMALL)
    expect(made).toContain('NoYes: "No Yes"')
    expect(made).toContain('Zone: "- North South"')
  })

  it("keeps keys in their order and links whose set is named", () => {
    expect(TwinModel.generate(SMALL)).toContain('"keys":"dataAreaId Id"')
    expect(TwinModel.generate(SMALL)).toContain('"links":"Parts:Things+"')
  })

  it("holds every set of our description", () => {
    const xml = readFileSync(new URL("../../../specs/dynamics/metadata.xml", import.meta.url), "utf8")
    const made = TwinModel.generate(xml)
    const sets = [...xml.matchAll(/<EntitySet Name="(\w+)"/g)].map(([, name]) => name ?? "")
    expect(sets.length).toBeGreaterThan(50)
    expect(sets.filter((name) => !made.includes(`    ${name}: {`))).toEqual([])
  })
})
