#!/usr/bin/env node
// A published package has `dist` and no `src`. In the repository the sources are run as they are, so that a build that
// is older than they are is never what answers.
import { existsSync } from "node:fs"
import module from "node:module"

const source = new URL("../src/command/main.ts", import.meta.url)
if (module.registerHooks === undefined) {
  console.error(`mortise-conformance: Node.js 22.19 or later is needed; this is ${process.version}.`)
  process.exitCode = 2
} else if (existsSync(source)) {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["@mortise/source", ...context.conditions] }),
  })
  await import(source.href)
} else {
  await import("../dist/command/main.js")
}
