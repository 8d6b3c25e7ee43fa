/**
 * The arrows between packages, and no others: a vendor never sees another vendor, nor the conformance kit; published code
 * imports `effect/<Module>` and never the barrel, which makes a small bundle four times as large.
 */
import ts from "typescript"
import { type Fault, fault, type SourceFile } from "./SourceFile.ts"

const VENDORS = ["hubspot", "dynamics", "acumatica", "netsuite", "erpnext"]
const STORES = ["sqlite", "postgres"]

/** What the sources of a package may import from the others. */
const arrows: Readonly<Record<string, ReadonlyArray<string>>> = {
  core: [],
  ...Object.fromEntries([...VENDORS, ...STORES, "sync", "conformance"].map((name) => [name, ["core"]])),
  codegen: [],
  cli: ["core", "codegen", "sync", "conformance", ...VENDORS, ...STORES],
  proof: ["core", "codegen", "sync", "conformance", ...VENDORS, ...STORES],
}

const packageOf = (path: string): string | undefined =>
  /^packages\/([^/]+)\//.exec(path)?.[1] ?? (path.startsWith("conformance/") ? "conformance" : undefined)

/** Tests of a package may use the kit and the stores: that is how a connector is proved. */
const isSource = (path: string): boolean => /^(packages\/[^/]+|conformance)\/src\//.test(path)

const specifiers = (file: SourceFile): ReadonlyArray<{ readonly node: ts.Node; readonly text: string }> => {
  const found: Array<{ readonly node: ts.Node; readonly text: string }> = []
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined
    if (specifier !== undefined && ts.isStringLiteral(specifier)) found.push({ node, text: specifier.text })
    ts.forEachChild(node, visit)
  }
  visit(file.ast)
  return found
}

/** A relative import must not leave its package: `../../core/src/X.ts` is an arrow in disguise. */
const leavesPackage = (path: string, specifier: string): boolean => {
  if (!specifier.startsWith(".")) return false
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1)
  return packageOf(target) !== packageOf(path)
}

const judge = (path: string, own: string, specifier: string): string | undefined => {
  if (leavesPackage(path, specifier)) return `"${specifier}" leaves the package; import it by the other package's name`
  if (own !== "proof" && (specifier === "effect" || /^effect\/[a-z-]+$/.test(specifier))) {
    return `"${specifier}" is a barrel; import the module itself, effect/<Module>`
  }
  const other = /^@mortise\/([^/]+)/.exec(specifier)?.[1]
  if (other === undefined || other === own) return undefined
  if (arrows[own]?.includes(other) !== true) return `${own} must not import ${other}`
  return undefined
}

export const check = (files: ReadonlyArray<SourceFile>): ReadonlyArray<Fault> => {
  const faults: Array<Fault> = []
  for (const file of files) {
    const own = packageOf(file.path)
    if (own === undefined || !isSource(file.path)) continue
    for (const { node, text } of specifiers(file)) {
      const message = judge(file.path, own, text)
      if (message !== undefined) faults.push(fault(file, node, message))
    }
  }
  return faults
}
