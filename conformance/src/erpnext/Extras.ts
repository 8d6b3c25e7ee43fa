/**
 * Doctypes beside those of `specs/`: what documents are linked to, and what the site keeps of itself. Only the fields that
 * an answer or a rule needs. Lists of names: a star marks a required field, `:` its type, `>` its options, `=` its default.
 */
import type { Doctype, Field } from "./Meta.ts"

const field = (text: string): Field => {
  const [, fieldname = "", required, fieldtype = "Data", options, standard] =
    /^(\w+)(\*)?(?::([A-Za-z ]+))?(?:>([^=]+))?(?:=(.*))?$/.exec(text) ?? []
  return {
    fieldname,
    fieldtype,
    ...(options === undefined ? {} : { options: options.replaceAll("|", "\n") }),
    ...(standard === undefined ? {} : { default: standard }),
    ...(required === undefined ? {} : { reqd: 1 }),
  }
}

const of = (name: string, fields: ReadonlyArray<string>, more: Partial<Doctype> = {}): Doctype => ({
  name,
  fields: fields.map(field),
  sort_field: "modified",
  ...more,
})

const child = (name: string, fields: ReadonlyArray<string>): Doctype =>
  of(name, fields, { istable: 1, autoname: "hash" })
const named = (name: string, by: string, fields: ReadonlyArray<string>, more: Partial<Doctype> = {}): Doctype =>
  of(name, fields, { autoname: `field:${by}`, allow_rename: 1, ...more })
const tree = { is_tree: 1 }

const ACCOUNTING: ReadonlyArray<Doctype> = [
  of(
    "Account",
    [
      "account_name*",
      "account_number",
      "company*:Link>Company",
      "parent_account:Link>Account",
      "root_type:Select>|Asset|Liability|Income|Expense|Equity",
      "account_type:Select>|Bank|Cash|Receivable|Payable|Tax|Income Account|Expense Account|Cost of Goods Sold",
      "account_currency:Link>Currency",
      "is_group:Check=0",
      "disabled:Check=0",
    ],
    tree,
  ),
  of(
    "Cost Center",
    [
      "cost_center_name*",
      "parent_cost_center:Link>Cost Center",
      "company*:Link>Company",
      "is_group:Check=0",
      "disabled:Check=0",
    ],
    tree,
  ),
  of("Warehouse", ["warehouse_name*", "company*:Link>Company", "is_group:Check=0", "disabled:Check=0"], tree),
  of(
    "Accounts Settings",
    [
      "allow_multi_currency_invoices_against_single_party_account:Check=0",
      "unlink_payment_on_cancellation_of_invoice:Check=1",
    ],
    { issingle: 1 },
  ),
  named("Payment Terms Template", "template_name", ["template_name*", "terms:Table>Payment Terms Template Detail"]),
  child("Payment Terms Template Detail", [
    "payment_term",
    "invoice_portion*:Float",
    "credit_days:Int",
    "credit_months:Int",
  ]),
  child("Party Account", ["company*:Link>Company", "account:Link>Account", "advance_account:Link>Account"]),
  child("Customer Credit Limit", [
    "company:Link>Company",
    "credit_limit:Currency",
    "bypass_credit_limit_check:Check=0",
  ]),
  child("Sales Team", [
    "sales_person*:Link>Sales Person",
    "contact_no",
    "allocated_percentage:Float",
    "allocated_amount:Currency",
    "commission_rate:Data",
    "incentives:Currency",
  ]),
  child("Allowed To Transact With", ["company*:Link>Company"]),
  child("Portal User", ["user*:Link>User"]),
]

const SELLING: ReadonlyArray<Doctype> = [
  named(
    "Item Group",
    "item_group_name",
    ["item_group_name*", "parent_item_group:Link>Item Group", "is_group:Check=0"],
    tree,
  ),
  named("UOM", "uom_name", ["uom_name*", "enabled:Check=1", "must_be_whole_number:Check=0"]),
  named("Brand", "brand", ["brand*", "description:Text"]),
  named("Sales Person", "sales_person_name", ["sales_person_name*", "is_group:Check=0", "enabled:Check=1"], tree),
  named("Industry Type", "industry", ["industry*"]),
  named("Market Segment", "market_segment", ["market_segment"]),
]

const SITE: ReadonlyArray<Doctype> = [
  named("Country", "country_name", ["country_name*", "code", "date_format", "time_format=HH:mm:ss", "time_zones:Text"]),
  named("Language", "language_code", [
    "enabled:Check=1",
    "language_code*",
    "language_name*",
    "flag",
    "based_on:Link>Language",
  ]),
  named("Print Heading", "print_heading", ["print_heading*"]),
  named("Salutation", "salutation", ["salutation*"]),
  named("Gender", "gender", ["gender*"]),
  named("Role", "role_name", ["role_name*", "disabled:Check=0", "desk_access:Check=1"]),
  named("DocType", "name", ["module", "issingle:Check=0", "istable:Check=0", "is_submittable:Check=0"]),
  of("User", ["email*", "first_name*", "full_name", "enabled:Check=1", "user_type=System User"], {
    autoname: "field:email",
  }),
  of(
    "System Settings",
    [
      "time_zone*",
      "float_precision:Select>|2|3|4|5|6|7|8|9",
      "currency_precision:Select>|1|2|3|4|5|6|7|8|9",
      "rounding_method:Select>Banker's Rounding (legacy)|Banker's Rounding|Commercial Rounding",
      "session_expiry=170:00",
      "allow_consecutive_login_attempts:Int=10",
      "allow_login_after_fail:Int=60",
      "allow_error_traceback:Check=1",
    ],
    { issingle: 1 },
  ),
  of(
    "ToDo",
    [
      "status:Select>Open|Closed|Cancelled=Open",
      "priority:Select>High|Medium|Low=Medium",
      "date:Date=Today",
      "allocated_to:Link>User",
      "description*:Text Editor",
    ],
    { autoname: "hash" },
  ),
  child("DocField", ["fieldname", "label", "fieldtype", "options:Small Text", "reqd:Check", "unique:Check"]),
]

const INTEGRATIONS: ReadonlyArray<Doctype> = [
  of("OAuth Client", [
    "client_id",
    "app_name*",
    "user:Link>User",
    "client_secret",
    "skip_authorization:Check=0",
    "scopes*:Text=all openid",
    "redirect_uris:Text",
    "default_redirect_uri*",
    "grant_type:Select>Authorization Code|Implicit=Authorization Code",
    "response_type:Select>Code|Token=Code",
    "allowed_roles:Table>OAuth Client Role",
  ]),
  child("OAuth Client Role", ["role:Link>Role"]),
  of("OAuth Bearer Token", [
    "client:Link>OAuth Client",
    "user:Link>User",
    "scopes:Text",
    "access_token",
    "refresh_token",
  ]),
  child("Webhook Header", ["key:Small Text", "value:Small Text"]),
  child("Webhook Data", ["fieldname*:Select", "key*"]),
  of(
    "Webhook Request Log",
    [
      "webhook:Link>Webhook",
      "reference_document",
      "headers:Code",
      "data:Code",
      "user:Link>User",
      "url:Text",
      "response:Code",
      "error:Text",
    ],
    { autoname: "hash" },
  ),
]

export const doctypes: ReadonlyArray<Doctype> = [...ACCOUNTING, ...SELLING, ...SITE, ...INTEGRATIONS]
