import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["@mortise/source", "node", "import", "module", "default"] },
  ssr: {
    resolve: {
      conditions: ["@mortise/source", "node", "import", "module", "default"],
      externalConditions: ["@mortise/source", "node", "import"],
    },
  },
  test: {
    include: ["packages/*/test/**/*.test.ts", "conformance/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    // By default one core is left to the watcher; no one watches here.
    maxWorkers: "100%",
    reporters: ["default"],
  },
})
