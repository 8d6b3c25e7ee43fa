/** The program behind `bin/mortise-conformance.js`. */
import manifest from "../../package.json" with { type: "json" }
import * as Command from "./Command.ts"
import * as Help from "./Help.ts"
import * as Load from "./Load.ts"
import * as Live from "./live/Live.ts"
import * as Shell from "./Shell.ts"
import { usageError } from "./UsageError.ts"

await Command.main({
  script: process.argv[1] ?? "",
  args: process.argv.slice(2),
  help: Help.command,
  version: manifest.version,
  positionals: 1,
  load: async ([path = ""]) => [await Load.load(path)],
  command: (_, [path = ""]) => `npx mortise-conformance ${Shell.quoted(path)}`,
  instead: ({ allowWrites, live, positionals: [path = ""] }) => {
    if (live === undefined) {
      if (allowWrites) throw usageError("--allow-writes belongs to --live FILE.")
      return undefined
    }
    const print = (text: string) => void process.stdout.write(text)
    return Load.load(path).then((subject) =>
      Live.live({ subject, file: live, allowWrites, environment: process.env, print }),
    )
  },
})
