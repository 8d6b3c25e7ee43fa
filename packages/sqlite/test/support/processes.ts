/** Child processes that run TypeScript of this folder, followed line by line. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const script = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url))

export interface Run {
  readonly lines: ReadonlyArray<string>
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly stderr: string
}

/** Runs to the end; `onLine` sees each line as it comes and may kill. */
export const run = (
  name: string,
  args: ReadonlyArray<string>,
  onLine: (line: string, child: ChildProcess, index: number) => void = () => {},
): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=@mortise/source", "--no-warnings", script(name), ...args])
    const lines: Array<string> = []
    let stderr = ""
    child.stderr.on("data", (data) => {
      stderr += String(data)
    })
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line)
      onLine(line, child, lines.length - 1)
    })
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ lines, signal, code, stderr }))
  })
