/** Compiles generated files with both compilers, strictly, and their own declarations too. */
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const COMPILERS = ["typescript", "typescript7"]

const CONFIG = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    skipLibCheck: false,
    types: [],
  },
  include: ["**/*.ts"],
}

const modules = join(import.meta.dirname, "../../../../node_modules")

const run = (compiler: string, folder: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(modules, compiler, "bin/tsc"), "-p", folder],
      { maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(stdout.trim()),
    )
  })

/** What each compiler complains of, nothing when all is well. */
export const compile = async (files: {
  readonly [path: string]: string
}): Promise<{ readonly [compiler: string]: string }> => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-codegen-"))
  try {
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(CONFIG))
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const results = COMPILERS.map(async (compiler) => [compiler, await run(compiler, folder)] as const)
    return Object.fromEntries(await Promise.all(results))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const CLEAN: { readonly [compiler: string]: string } = { typescript: "", typescript7: "" }
