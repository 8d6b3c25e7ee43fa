import * as StoreSuite from "@mortise/conformance/StoreSuite"
import { describe, it } from "vitest"
import { bench } from "./support/bench.ts"

StoreSuite.describeStore("the SQLite backend", { describe, it, bench })
