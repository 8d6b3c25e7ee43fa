/** Whether a record already holds what is to be written, where NetSuite has its own way. */
import { covers, lines } from "@mortise/core/Covers"

/** The item has values of its own for a line. */
export const coversLines = lines({ defaulted: ["description", "unit", "unitPrice"] })

/** Without regard to case, as NetSuite compares numbers of items and entities. */
export const sameText = (wanted: unknown, found: unknown): boolean =>
  typeof wanted === "string" && typeof found === "string"
    ? wanted.trim().toLowerCase() === found.trim().toLowerCase()
    : covers(wanted, found)
