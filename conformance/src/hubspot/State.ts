/** The shapes of the portal's state, all plain JSON so that a world can be dumped and made again. */
import type { ObjectName } from "./ObjectTypes.ts"

/** A record. Immutable: a change puts a new one in its place. A property without a value is not in the map. */
export interface StoredRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly archivedAt?: number
  /** Earlier values of the properties that changed after creation, oldest first. */
  readonly history?: Readonly<Record<string, ReadonlyArray<readonly [value: string, at: number]>>>
}

export interface Option {
  readonly label: string
  readonly value: string
  readonly hidden: boolean
  readonly displayOrder?: number
  readonly description?: string
}

export type PropertyType = "bool" | "date" | "datetime" | "enumeration" | "number" | "phone_number" | "string"

export interface PropertyDefinition {
  readonly name: string
  readonly label: string
  readonly type: PropertyType
  readonly fieldType: string
  readonly groupName: string
  readonly description: string
  readonly options: ReadonlyArray<Option>
  readonly hasUniqueValue: boolean
  readonly readOnlyValue: boolean
  readonly calculated: boolean
  readonly hubspotDefined: boolean
  readonly hidden: boolean
  readonly formField: boolean
  readonly displayOrder: number
  readonly calculationFormula?: string
  readonly dataSensitivity?: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly archivedAt?: number
}

export interface PropertyGroup {
  readonly name: string
  readonly label: string
  readonly displayOrder: number
  readonly archived: boolean
}

export interface Stage {
  readonly id: string
  readonly label: string
  readonly displayOrder: number
  readonly metadata: Readonly<Record<string, string>>
}

export interface Pipeline {
  readonly id: string
  readonly label: string
  readonly displayOrder: number
  readonly stages: ReadonlyArray<Stage>
}

export interface Owner {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly userId: number
  readonly archived: boolean
}

/** Required-field rules that an admin set; enforced on 2026-09 only. */
export interface WriteRules {
  /** Required by the create form. */
  readonly onCreate?: ReadonlyArray<string>
  /** Required when a controlling property has this value. */
  readonly conditional?: ReadonlyArray<{
    readonly property: string
    readonly equals: string
    readonly requires: ReadonlyArray<string>
  }>
}

export interface Portal {
  portalId: number
  timeZone: string
  companyCurrency: string
  additionalCurrencies: ReadonlyArray<string>
  accountType: string
  uiDomain: string
  dataHostingLocation: string
  /** The subscription, which decides the limits. */
  tier: "free" | "starter" | "professional" | "enterprise"
  apiLimitIncreases: 0 | 1 | 2
  writeRules: Partial<Record<ObjectName, WriteRules>>
  /** Open invoices may be deleted; drafts always. */
  deleteOpenInvoices: boolean
}

export const defaultPortal = (): Portal => ({
  portalId: 48_151_623,
  timeZone: "Europe/Berlin",
  companyCurrency: "EUR",
  additionalCurrencies: ["USD", "GBP"],
  accountType: "STANDARD",
  uiDomain: "app.hubspot.com",
  dataHostingLocation: "na1",
  tier: "professional",
  apiLimitIncreases: 0,
  writeRules: {},
  deleteOpenInvoices: false,
})
