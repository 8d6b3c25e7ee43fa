import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { defineConfig, type Options } from "tsup"
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

/** Sources name each other with `.ts`; what is published is JavaScript. */
const extensions: NonNullable<Options["plugins"]>[number] = {
  name: "extensions",
  renderChunk: (code) => ({ code: code.replaceAll(/(\b(?:from|import)\s*\(?\s*"\.{1,2}\/[^"\n]+)\.ts"/g, '$1.js"') }),
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
    // A module a file, as it was written: what a user's bundler can leave out of the sources, it can leave out of these.
    bundle: false,
    splitting: false,
    clean: true,
    silent: true,
    // What a package needs from others stands in its package.json, and is never copied into it.
    skipNodeModulesBundle: true,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    external: [/^@mortise\//],
    plugins: [extensions],
    onSuccess: () => declarations(folder),
  })),
)
