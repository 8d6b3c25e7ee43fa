/** What a vendor's description cannot say, or says wrongly. Small on purpose: whatever the description says stands there. */
export interface EntityFacts {
  readonly keys?: ReadonlyArray<string>
  /** Keys that the vendor numbers, unless the tenant numbers by hand. */
  readonly numbered?: ReadonlyArray<string>
  /** Without these a create is refused, whatever the tenant's settings. */
  readonly required?: ReadonlyArray<string>
  /** Derived by the vendor, or set by its own work. */
  readonly readOnly?: ReadonlyArray<string>
  readonly createOnly?: ReadonlyArray<string>
  /** Made by the vendor's own work alone, though its description offers to write it. */
  readonly readModel?: true
  /** The entity of the connector that it is served as. */
  readonly servedAs?: string
}

export interface Facts {
  /** `decimal`: whatever is typed as a number is an amount, a price or a quantity and has exact digits. */
  readonly numbers: "decimal" | "described"
  /** The keys select the record in the body of an update, not in its address. */
  readonly keysInBody: boolean
  /** Read-only on every record. */
  readonly readOnly: ReadonlyArray<string>
  readonly entities: { readonly [entity: string]: EntityFacts }
  /** The fields that every instance has, by entity, where a description does not mark the tenant's own. */
  readonly standard?: { readonly [entity: string]: string }
}
