/**
 * What `effect/cli` wants of a platform. The command reads no line, starts no program and checks its own paths, so the
 * parts that would do that are there by name only.
 */
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import type { Service } from "../Surroundings.ts"

const unused = (what: string) => Effect.die(new Error(`the command uses no ${what}`))

const terminal = ({ columns, out }: Service): Terminal.Terminal =>
  Terminal.make({
    columns: Effect.succeed(columns),
    rows: Effect.succeed(24),
    size: unused("size"),
    readInput: unused("input"),
    readLine: unused("input"),
    display: out,
  })

/** Help and version to stdout; what was wrong with the call to stderr, and shortly: the help is one command away. */
const presenter = ({ err, out }: Service): CliOutput.Presenter => {
  const formatter = CliOutput.defaultFormatter({ colors: false, globalFlags: "full" })
  return {
    present: (event) => {
      switch (event._tag) {
        case "Help":
          return out(`${formatter.formatHelpDoc(event.helpDoc).trimEnd()}\n`)
        case "Version":
          return out(`${event.name} ${event.version}\n`)
        case "InvalidInvocation": {
          const lines = event.errors.map((error) => `mortise: ${error.message}\n`)
          return err(`${lines.join("")}\`${event.commandPath.join(" ")} --help\` tells how it is called.\n`)
        }
      }
    },
  }
}

export const layer = (surroundings: Service) =>
  Layer.mergeAll(
    FileSystem.layerNoop({}),
    Path.layer,
    Layer.succeed(
      Stdio.Stdio,
      Stdio.make({
        args: Effect.succeed(surroundings.args),
        stdout: () => Sink.drain,
        stderr: () => Sink.drain,
        stdin: Stream.empty,
      }),
    ),
    Layer.succeed(Terminal.Terminal, terminal(surroundings)),
    Layer.succeed(
      ChildProcessSpawner.ChildProcessSpawner,
      ChildProcessSpawner.make(() => unused("program")),
    ),
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
    CliOutput.layerPresenter(presenter(surroundings)),
  )
