/** Brings what `--from` names to where it can be read: a path as it is, an address by asking for it. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import type { Format, System } from "@mortise/codegen/Description"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type CommandError, commandError } from "../CommandError.ts"
import type { Service } from "../Surroundings.ts"
import * as Address from "./Address.ts"
import * as Door from "./Door.ts"
import { all } from "./live/index.ts"
import { type Fetched, type Live, namesFile } from "./live/Live.ts"
import * as Names from "./Names.ts"
import type { Progress } from "./Progress.ts"
import type { Settings } from "./Settings.ts"

export interface Request {
  readonly system: System
  readonly address: Address.Address
  readonly entities: ReadonlyArray<string>
  /** What was pinned before, for servers that cannot be asked for all that they have. */
  readonly known: ReadonlyArray<string>
  readonly format: Format | undefined
}

export interface Tools {
  readonly surroundings: Service
  readonly settings: Settings
  readonly progress: Progress
  readonly backoff?: Door.Options["backoff"]
}

/** A folder that only this user can open, and that goes with the scope. */
const temporary: Effect.Effect<string, CommandError, Scope.Scope> = Effect.acquireRelease(
  Effect.tryPromise({
    try: () => mkdtemp(join(tmpdir(), "mortise-")),
    catch: () => commandError("Output", "no temporary folder can be made."),
  }),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true })),
)

/** Credentials go to the vendor's hosts, or to the server that stands beside them in the settings, and nowhere else. */
const sameServer = Effect.fnUntraced(function* ({ settings }: Tools, { hosts }: Live, system: System, url: URL) {
  const name = Names.urlName(system)
  const text = settings.text(name)
  if (text !== undefined) {
    const { origin } = yield* Address.checked(text, name)
    if (origin === url.origin) return
    const message = `the credentials are for ${origin}, as ${name} says, and --from is another server.`
    return yield* commandError("Address", message, `Take ${name} away, or set it to the server of --from.`)
  }
  if (hosts === undefined || hosts.test(url.hostname) || Address.isLoopback(url)) return
  const message = `${url.host} is no host of ${system}, and gets no credentials of ${system}.`
  return yield* commandError("Address", message, `If it is yours, set ${name} to ${url.origin}.`)
})

const doorOf =
  (tools: Tools, system: System, url: URL) => (credentials: Effect.Effect<Door.Credentials, CommandError>) =>
    Door.make({
      origin: url.origin,
      credentials,
      wanted: Names.inWords(system),
      fetch: tools.surroundings.fetch,
      progress: tools.progress,
      ...(tools.backoff === undefined ? {} : { backoff: tools.backoff }),
    })

/** A file that somebody put on a web server. It is nobody's tenant, and gets no credentials. */
const download = Effect.fnUntraced(function* (tools: Tools, system: System, url: URL, folder: string) {
  const name = basename(url.pathname).replaceAll(/[^\w.-]/g, "_")
  const file = join(folder, name)
  const door = doorOf(tools, system, url)(Effect.succeed({}))
  yield* tools.progress.step(`Asking ${url.host} for ${name}`)
  yield* door.download({ url, accept: "*/*", what: name }, file)
  return { path: file }
})

const fromServer = Effect.fnUntraced(function* (tools: Tools, request: Request, url: URL) {
  const { entities, format, known, system } = request
  const live = all[system]
  const folder = yield* temporary
  const isLive = live.recognises(url)
  if (!isLive && namesFile(url)) return yield* download(tools, system, url, folder)
  if (!isLive) {
    const hint =
      "docs/guide/generate.md has the addresses of each system; or name a file that ends in .json, .yaml or .xml."
    return yield* commandError("Address", `${Address.shown(url)} is no address of ${system} that is known.`, hint)
  }
  yield* sameServer(tools, live, system, url)
  const { settings, surroundings, progress } = tools
  return yield* live.fetch({
    url,
    entities,
    known,
    format,
    settings,
    folder,
    home: surroundings.home,
    fetch: surroundings.fetch,
    door: doorOf(tools, system, url),
    step: progress.step,
  })
})

export const fetch = (tools: Tools, request: Request): Effect.Effect<Fetched, CommandError, Scope.Scope> =>
  request.address.kind === "path"
    ? Effect.succeed({ path: request.address.path })
    : fromServer(tools, request, request.address.url)
