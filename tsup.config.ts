import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { defineConfig } from "tsup"
import { publishedFolders } from "./scripts/src/Packages.ts"

const root = import.meta.dirname
const run = promisify(execFile)

/** One declaration file a module, as `tsc` writes it: a reader who jumps to a type lands in a file of that name. */
const declarations = async (folder: string): Promise<void> => {
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  await run(process.execPath, [tsc, "-p", join(root, folder, "tsconfig.build.json")]).catch((error) => {
    throw new Error(`types of ${folder}:\n${error.stdout}`)
  })
}

export default defineConfig(
  publishedFolders(root).map((folder) => ({
    name: folder,
    // A `main.ts` is what a command of the repository runs; `*.d.ts` tell types of others.
    entry: [
      `${folder}/src/**/*.ts`,
      `!${folder}/src/**/*.d.ts`,
      ...(folder === "packages/codegen" ? [`!${folder}/src/main.ts`] : []),
    ],
    outDir: `${folder}/dist`,
    tsconfig: `${folder}/tsconfig.build.json`,
    format: "esm" as const,
    platform: "node" as const,
    target: "node22",
    splitting: true,
    clean: true,
    silent: true,
    // What a package needs from others stands in its package.json, and is never copied into it.
    skipNodeModulesBundle: true,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    external: [/^@mortise\//],
    onSuccess: () => declarations(folder),
  })),
)
