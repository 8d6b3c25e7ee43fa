/** Values: what went in comes out the same. */
import type { Rule } from "../../kit/Rule.ts"
import { dates } from "./dates.ts"
import { decimals } from "./decimals.ts"
import { everyVersion } from "./everyVersion.ts"
import { lineQuantities } from "./lineQuantities.ts"
import { money } from "./money.ts"
import { nullIsRead } from "./nullIsRead.ts"
import { texts } from "./texts.ts"

export const values: ReadonlyArray<Rule> = [decimals, money, dates, texts, nullIsRead, lineQuantities, everyVersion]
