/**
 * The properties that every portal has, as far as connectors meet them. A short table: `name type`, then flags: `ro`
 * for a value that clients cannot write, `unique`, and the options of an enumeration.
 */
import type { ObjectName } from "./ObjectTypes.ts"
import type { PropertyDefinition, PropertyType } from "./State.ts"

const ADDRESS = "address string, address2 string, city string, state string, zip string, country string"

const LIFECYCLE =
  "lifecyclestage enumeration subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity|customer|evangelist|other"

const COMMON = "hs_object_id number ro, hs_merged_object_ids string ro, hubspot_owner_id string"

const RECURRING =
  "recurringbillingfrequency enumeration weekly|biweekly|monthly|quarterly|per_six_months|annually|per_two_years|per_three_years, hs_recurring_billing_period string"

const RECIPIENT = ["address", "address2", "city", "state", "zip", "country"]
  .flatMap((part) => [`hs_recipient_company_${part} string`, `hs_recipient_shipping_${part} string`])
  .join(", ")

const TABLE: Readonly<Record<ObjectName, string>> = {
  contacts: `createdate datetime ro, lastmodifieddate datetime ro, email string unique, hs_additional_emails string ro, firstname string,
    lastname string, phone string, mobilephone string, jobtitle string, company string, salutation string, fax string, website string,
    hs_language string, hs_lead_status string, ${ADDRESS}, ${LIFECYCLE}`,
  companies: `createdate datetime ro, hs_lastmodifieddate datetime ro, name string, domain string, phone string, website string,
    description string, industry string, numberofemployees number, annualrevenue number, timezone string, type string,
    hs_additional_domains string ro, hs_country_code string, ${ADDRESS}, ${LIFECYCLE}`,
  deals: `createdate datetime ro, hs_lastmodifieddate datetime ro, dealname string, amount number, closedate datetime, dealstage string,
    pipeline string, deal_currency_code string, dealtype string, description string, hs_priority enumeration low|medium|high,
    hs_is_closed_won bool ro, hs_is_closed bool ro`,
  products: `createdate datetime ro, hs_lastmodifieddate datetime ro, name string, description string, price number, hs_sku string,
    hs_cost_of_goods_sold number, hs_folder string, hs_url string, hs_product_type string, hs_status string, hs_images string, tax number,
    ${RECURRING}, hs_pricing_model enumeration flat|volume|graduated|stairstep, hs_tier_ranges string, hs_tier_prices string`,
  line_items: `createdate datetime ro, hs_lastmodifieddate datetime ro, name string, description string, price number, quantity number,
    amount number, hs_product_id string, hs_sku string, discount number, hs_discount_percentage number, hs_total_discount number ro,
    tax number, hs_tax_rate_group_id string, hs_line_item_currency_code string, hs_position_on_quote number, hs_url string,
    hs_unique_creation_key string ro unique, hs_recurring_billing_terms number ro, hs_recurring_billing_number_of_payments number ro,
    hs_recurring_billing_start_date date, ${RECURRING}`,
  invoices: `createdate datetime ro, hs_createdate datetime ro, hs_lastmodifieddate datetime ro, hs_currency string, hs_invoice_date datetime,
    hs_due_date datetime, hs_purchase_order_number string, hs_tax_id string, hs_comments string, hs_title string, hs_language string,
    hs_locale string, hs_allowed_payment_methods string,
    hs_invoice_payment_collection_method enumeration manual|none, hs_allow_partial_payments bool, hs_invoice_billable bool,
    hs_invoice_status enumeration draft|open|paid|voided, hs_invoice_link string ro, hs_pdf_download_link string ro,
    hs_number string ro, hs_amount_billed number ro, hs_amount_paid number ro, hs_balance_due number ro, ${RECIPIENT}`,
  commerce_payments: `createdate datetime ro, hs_createdate datetime ro, hs_lastmodifieddate datetime ro, hs_initial_amount number,
    hs_initiated_date datetime, hs_customer_email string, hs_currency_code string,
    hs_payment_method_type enumeration card|ach|cash|check|wire_transfer|other|sepa|bacs|pads,
    hs_processor_type enumeration hs_payments|byo_stripe|none|quickbooks|xero,
    hs_latest_status enumeration processing|succeeded|failed|partially_refunded|refunded|processing_refund|disputed_needs_response|disputed_under_review|disputed_won|disputed_lost,
    hs_reference_number string, hs_internal_comment string, hs_refunds_amount number, hs_fees_amount number, hs_platform_fee number`,
  orders: `createdate datetime ro, hs_createdate datetime ro, hs_lastmodifieddate datetime ro, hs_order_name string, hs_currency_code string,
    hs_source_store string, hs_fulfillment_status string, hs_external_order_id string, hs_external_order_status string,
    hs_external_order_url string, hs_external_created_date datetime, hs_order_note string, hs_subtotal_price number, hs_tax number,
    hs_total_price number, hs_order_discount number, hs_shipping_cost number, hs_pipeline string, hs_pipeline_stage string,
    hs_payment_status string, hs_shipping_tracking_number string`,
}

const FIELD_TYPES: Readonly<Record<PropertyType, string>> = {
  bool: "booleancheckbox",
  date: "date",
  datetime: "date",
  enumeration: "select",
  number: "number",
  phone_number: "phonenumber",
  string: "text",
}

export const groupOf = (type: ObjectName): string =>
  ({
    contacts: "contactinformation",
    companies: "companyinformation",
    deals: "dealinformation",
    products: "productinformation",
    line_items: "lineiteminformation",
    invoices: "invoiceinformation",
    commerce_payments: "commercepaymentinformation",
    orders: "orderinformation",
  })[type]

/** Fills in what a definition does not say. */
export const complete = (
  given: Partial<PropertyDefinition> & Pick<PropertyDefinition, "name">,
  groupName: string,
  at: number,
): PropertyDefinition => ({
  label: given.name,
  type: "string",
  fieldType: FIELD_TYPES[given.type ?? "string"],
  groupName,
  description: "",
  options: [],
  hasUniqueValue: false,
  readOnlyValue: false,
  calculated: false,
  hubspotDefined: false,
  hidden: false,
  formField: false,
  displayOrder: -1,
  createdAt: at,
  updatedAt: at,
  ...given,
})

const parse = (line: string, group: string): PropertyDefinition => {
  const [name = "", type = "string", ...flags] = line.trim().split(/\s+/)
  const options = flags.find((flag) => flag !== "ro" && flag !== "unique")?.split("|") ?? []
  return complete(
    {
      name,
      type: type as PropertyType,
      options: options.map((value, displayOrder) => ({ label: value, value, hidden: false, displayOrder })),
      readOnlyValue: flags.includes("ro"),
      hasUniqueValue: flags.includes("unique"),
      hubspotDefined: true,
    },
    group,
    0,
  )
}

/** The definitions of one type, freshly made. */
export const of = (type: ObjectName): ReadonlyArray<PropertyDefinition> =>
  `${COMMON}, ${TABLE[type]}`.split(",").map((line) => parse(line, groupOf(type)))
