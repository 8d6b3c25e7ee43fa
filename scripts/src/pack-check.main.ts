/**
 * `npm run pack:check`: packs the packages as npm would publish them, installs the tarballs in an empty folder, and uses
 * them as a stranger would: from an ES module, from CommonJS, and from the types of two TypeScript versions.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { publishedFolders } from "./Packages.ts"

const root = join(import.meta.dirname, "../..")
const consumers = join(root, "scripts/consumers")
const folder = mkdtempSync(join(tmpdir(), "mortise-pack-"))

const run = (command: string, args: ReadonlyArray<string>): string =>
  execFileSync(command, [...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim()

const pack = (): ReadonlyArray<string> =>
  publishedFolders(root).map((path) => {
    const [packed] = JSON.parse(run("npm", ["pack", join(root, path), "--json"])) as [{ filename: string }]
    return `./${packed.filename}`
  })

const versions = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  return names.map((name) => {
    const version: string = devDependencies[name]
    return version.startsWith("npm:") ? `${name}@${version}` : `${name}@${version}`
  })
}

const install = (tarballs: ReadonlyArray<string>): void => {
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n')
  run("npm", [
    "install",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...tarballs,
    ...versions(["effect", "msw", "typescript", "typescript7", "@types/node"]),
  ])
}

const LIMIT = 120_000

/** What a vendor package costs a bundle: minified and compressed, with core and with what it uses of effect. */
const bundleSize = async (name: string): Promise<number> => {
  const entry = join(folder, `bundle-${name}.js`)
  writeFileSync(entry, `export * from "@mortise/${name}"\n`)
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "error",
  })
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).length
}

let passed = 0
const failures: Array<string> = []
const step = async (name: string, check: () => string | Promise<string>): Promise<void> => {
  try {
    console.log(`pack:check ${name}: ${await check()}`)
    passed += 1
  } catch (error) {
    const { message, stdout } = error as Error & { readonly stdout?: string }
    failures.push(name)
    console.error(`pack:check ${name}: FAILED: ${message}\n${stdout ?? ""}`)
  }
}

try {
  install(pack())
  for (const file of readdirSync(consumers)) copyFileSync(join(consumers, file), join(folder, file))
  await step("an ES module", () => run(process.execPath, ["program.mjs"]))
  await step("CommonJS", () => run(process.execPath, ["program.cjs"]))
  for (const compiler of ["typescript", "typescript7"]) {
    await step(`types under ${compiler}`, () => {
      run(process.execPath, [join("node_modules", compiler, "bin/tsc"), "-p", "tsconfig.json"])
      return run(process.execPath, [join("node_modules", compiler, "bin/tsc"), "--version"])
    })
  }
  await step("the command mortise-conformance", () => {
    const command = join("node_modules", ".bin", "mortise-conformance")
    const [first = ""] = run(process.execPath, [command, "--help"]).split("\n")
    return first
  })
  for (const name of ["hubspot", "acumatica"]) {
    await step(`bundle of ${name}`, async () => {
      const size = await bundleSize(name)
      if (size > LIMIT) throw new Error(`${size} bytes gzip, more than ${LIMIT}`)
      return `${size} bytes gzip, at most ${LIMIT}`
    })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`pack:check: ${passed} passed, ${failures.length} failed`)
if (failures.length > 0) process.exitCode = 1
