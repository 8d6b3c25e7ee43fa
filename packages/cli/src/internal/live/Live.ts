/** A server that serves the description of its own tenant: which addresses it has, and how it is asked. */
import type { Format } from "@mortise/codegen/Description"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { CommandError } from "../../CommandError.ts"
import type { Credentials, Door } from "../Door.ts"
import type { Settings } from "../Settings.ts"

export interface Context {
  readonly url: URL
  readonly entities: ReadonlyArray<string>
  /** Where no entities are named: those that were pinned, for a server that has to be asked for one after the other. */
  readonly known: ReadonlyArray<string>
  readonly format: Format | undefined
  readonly settings: Settings
  /** A temporary folder for what is fetched. It goes when the command ends. */
  readonly folder: string
  /** Where the descriptions lie that come with this package. */
  readonly home: string
  readonly fetch: typeof globalThis.fetch
  /** Onto the origin of `url`. */
  readonly door: (credentials: Effect.Effect<Credentials, CommandError>) => Door
  readonly step: (text: string) => Effect.Effect<void>
}

/** What was fetched, ready to be read. */
export interface Fetched {
  /** A file or a folder. */
  readonly path: string
  /** The build of the vendor's software, where the server tells. */
  readonly build?: string
}

export interface Live {
  /** The vendor's own hosts, where it runs the service itself. Elsewhere credentials go only when told so. */
  readonly hosts?: RegExp
  /** Whether this is an address of such a server, and not of a file that somebody put on a web server. */
  readonly recognises: (url: URL) => boolean
  readonly fetch: (context: Context) => Effect.Effect<Fetched, CommandError, Scope.Scope>
}

/** Whether the path names a file that holds a description. */
export const namesFile = (url: URL): boolean => /\.(?:json|ya?ml|xml|edmx|csdl)$/i.test(url.pathname)
