/**
 * A twin out of somebody's own MSW handlers: they play the vendor, and the journal, the fault deck, the clock and the three
 * ways in are put around them, as around every twin.
 *
 * ```ts
 * const make = ({ clock }: Twin.Options) =>
 *   HandlerTwin.make({ name: "ledgerette", origin: ORIGIN, handlers: handlers(books, clock), world: world(books, clock) }, { clock })
 * ```
 */
import { getResponse, type RequestHandler } from "msw"
import type { KitTwin, KitWorld } from "./TwinKit.ts"
import * as Twin from "./twin/Twin.ts"

/**
 * What rules look at and change behind the back of the handlers. `all` leaves out what two equal runs may differ in, such
 * as stamps. What it has no use for, such as tokens, may be left out.
 */
export type HandlerWorld = Pick<KitWorld, "dump" | "load" | "seed" | "all" | "edit" | "remove" | "isWritten"> &
  Partial<KitWorld>

export interface Options {
  readonly name: string
  /** Where the handlers answer, `https://api.ledgerette.example`. */
  readonly origin: string
  /** They keep time by the clock of the twin, and all that they remember in the world. */
  readonly handlers: ReadonlyArray<RequestHandler>
  readonly world: HandlerWorld
  /** What is known of the vendor; all of it is assumed unless told. */
  readonly quirks?: ReadonlyArray<Twin.Quirk>
}

const without = (what: string) => (): never => {
  throw new RangeError(`the world of these handlers has no ${what}`)
}

const worldOf = (world: HandlerWorld): KitWorld => ({
  get: without("get"),
  expireTokens: without("expireTokens"),
  revoke: without("revoke"),
  refreshToken: () => undefined,
  ...world,
})

const asked = ({ body, headers, method, url }: Twin.TwinRequest): Request =>
  new Request(url, { method, headers, ...(method === "GET" || method === "HEAD" ? {} : { body }) })

const replied = async (response: Response): Promise<Twin.TwinReply> => ({
  status: response.status,
  headers: { ...Object.fromEntries(response.headers), "set-cookie": response.headers.getSetCookie() },
  body: await response.text(),
})

const NOWHERE: Twin.TwinReply = { status: 404, body: { message: "no handler answers this" } }

const ASSUMED = { says: "all of it", grade: "assumed", source: "the handlers" } as const

export const make = (options: Options, twin: Twin.Options): KitTwin => {
  const { handlers, name, origin, quirks = [{ id: `${name}/handlers`, ...ASSUMED }], world } = options
  const state = () => JSON.stringify(world.dump())
  const handle = async (request: Twin.TwinRequest): Promise<Twin.TwinReply> => {
    const before = state()
    const response = await getResponse([...handlers], asked(request))
    const reply = response === undefined ? NOWHERE : await replied(response)
    return { ...reply, changed: state() !== before }
  }
  return Twin.make({ name, origin, world: worldOf(world), quirks, handle }, twin)
}
