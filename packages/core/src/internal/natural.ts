/** A value of a natural key as it is compared: vendors look for it without regard to case. */
export const text = (value: unknown): string => String(value).trim().toLowerCase()
