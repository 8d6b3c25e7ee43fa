/**
 * No module-level state in published code: two tenants in one process must not meet in a shared map, and an abandoned
 * process must leave nothing behind that the next one could see.
 */
import ts from "typescript"
import { type Fault, fault, type SourceFile } from "./SourceFile.ts"

const PUBLISHED = /^(packages\/(?!proof\b)[^/]+|conformance)\/src\//
const CONTAINERS: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array"])
const MUTATORS: ReadonlySet<string> = new Set([
  "set",
  "add",
  "delete",
  "clear",
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "fill",
])

const isContainer = (node: ts.Expression | undefined): boolean =>
  node !== undefined &&
  (ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && CONTAINERS.has(node.expression.text)))

/** Weak containers and empty ones have no use but to be filled later. */
const isMadeToBeFilled = (node: ts.Expression): boolean =>
  ts.isNewExpression(node) &&
  ts.isIdentifier(node.expression) &&
  (node.expression.text.startsWith("Weak") || (node.arguments ?? []).length === 0)

const mutatedNames = (file: SourceFile): ReadonlySet<string> => {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression
      if (ts.isIdentifier(expression) && MUTATORS.has(name.text)) names.add(expression.text)
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const left = node.left
      if (
        (ts.isElementAccessExpression(left) || ts.isPropertyAccessExpression(left)) &&
        ts.isIdentifier(left.expression)
      ) {
        names.add(left.expression.text)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file.ast)
  return names
}

const judge = (
  declaration: ts.VariableDeclaration,
  mutable: boolean,
  mutated: ReadonlySet<string>,
): string | undefined => {
  const name = declaration.name.getText()
  if (mutable) return `${name} is a variable of the module; move it into the value that owns it`
  const { initializer } = declaration
  if (initializer === undefined || !isContainer(initializer)) return undefined
  if (isMadeToBeFilled(initializer) || mutated.has(name))
    return `${name} is a container that the module fills; move it into the value that owns it`
  return undefined
}

export const check = (files: ReadonlyArray<SourceFile>): ReadonlyArray<Fault> => {
  const faults: Array<Fault> = []
  for (const file of files) {
    if (!PUBLISHED.test(file.path)) continue
    const mutated = mutatedNames(file)
    for (const statement of file.ast.statements) {
      if (!ts.isVariableStatement(statement)) continue
      const mutable = (statement.declarationList.flags & ts.NodeFlags.Const) === 0
      for (const declaration of statement.declarationList.declarations) {
        const message = judge(declaration, mutable, mutated)
        if (message !== undefined) faults.push(fault(file, declaration, message))
      }
    }
  }
  return faults
}
