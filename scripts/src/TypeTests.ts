/**
 * Type tests that check the message too. A file under `test/types/` is plain TypeScript; above each line that must not
 * compile stands `// @ts-expect-error <part of the message>`. The compiler is run with the directives taken away, and
 * its complaints must be those announced, at those lines, in those words, and no others.
 */
import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import ts from "typescript"

const DIRECTIVE = /^\s*\/\/ @ts-expect-error ?(.*)$/

interface Expected {
  /** Line of the statement that follows the directive, from 0. */
  readonly line: number
  readonly message: string
}

const expectedOf = (text: string): ReadonlyArray<Expected> =>
  text.split("\n").flatMap((line, index) => {
    const match = DIRECTIVE.exec(line)
    return match === null ? [] : [{ line: index + 1, message: match[1]?.trim() ?? "" }]
  })

/** Same length, so that lines and columns stay: the directive becomes an ordinary comment. */
const disarmed = (text: string): string => text.replaceAll("@ts-expect-error", "ts-expect--error")

const options = (root: string): ts.CompilerOptions => {
  const config = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile)
  return {
    ...ts.parseJsonConfigFileContent(config.config, ts.sys, root).options,
    noUnusedLocals: false,
    noUnusedParameters: false,
  }
}

export interface Verdict {
  readonly file: string
  readonly expected: number
  readonly faults: ReadonlyArray<string>
}

const compare = (text: string, found: ReadonlyArray<ts.Diagnostic>, source: ts.SourceFile): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const left = found.map((one) => ({
    line: source.getLineAndCharacterOfPosition(one.start ?? 0).line,
    message: ts.flattenDiagnosticMessageText(one.messageText, " "),
  }))
  for (const { line, message } of expectedOf(text)) {
    if (message === "") faults.push(`line ${line}: the directive does not say which message it expects`)
    const at = left.findIndex((one) => one.line === line)
    const hit = left[at]
    if (hit === undefined) faults.push(`line ${line + 1}: compiles, and must not: ${message}`)
    else if (!hit.message.replaceAll(/\s+/g, " ").includes(message))
      faults.push(`line ${line + 1}: says "${hit.message}", not "${message}"`)
    for (let i = left.length - 1; i >= 0; i--) if (left[i]?.line === line) left.splice(i, 1)
  }
  for (const { line, message } of left) faults.push(`line ${line + 1}: does not compile: ${message}`)
  return faults
}

/** Compiles the files together, as one program. */
export const run = async (root: string, files: ReadonlyArray<string>): Promise<ReadonlyArray<Verdict>> => {
  const texts = new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const)))
  const host = ts.createCompilerHost(options(root))
  const readSource = host.getSourceFile.bind(host)
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file)
    return text === undefined
      ? readSource(file, languageVersion, ...rest)
      : ts.createSourceFile(file, disarmed(text), languageVersion, true)
  }
  host.getCurrentDirectory = () => dirname(join(root, "package.json"))
  const program = ts.createProgram([...files], options(root), host)
  return files.map((file) => {
    const source = program.getSourceFile(file)
    const text = texts.get(file) ?? ""
    if (source === undefined) return { file, expected: 0, faults: ["not found"] }
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return { file, expected: expectedOf(text).length, faults: compare(text, found, source) }
  })
}
