/** The parts of one portal put together, and the way of a request through them. */
import type * as SpecValidator from "../twin/SpecValidator.ts"
import type { TwinClock, TwinReply, TwinRequest, VendorContext } from "../twin/Twin.ts"
import * as Body from "./Body.ts"
import { Edges } from "./Edges.ts"
import * as Errors from "./Errors.ts"
import { type Call, Hub } from "./Hub.ts"
import { Limits } from "./Limits.ts"
import * as Merge from "./Merge.ts"
import { OAuth } from "./OAuth.ts"
import type { Family } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import * as Operations from "./Operations.ts"
import type { Parsed } from "./Request.ts"
import * as Router from "./Router.ts"
import * as Scopes from "./Scopes.ts"
import { SearchIndex } from "./SearchIndex.ts"
import type { Portal } from "./State.ts"
import type { Change } from "./Store.ts"
import { type Grant, Tokens } from "./Tokens.ts"
import { Webhooks } from "./Webhooks.ts"

export interface Setup {
  readonly portal: Partial<Portal>
  readonly clock: TwinClock
  readonly random: () => number
  readonly validator: SpecValidator.SpecValidator
}

/** No figure is published; this is what common gateways take. */
const MAX_URI = 8_192

const MISSING_PATH: Errors.Answer = {
  status: 404,
  category: "OBJECT_NOT_FOUND",
  message: "There is nothing at this path.",
}

export class Machine {
  readonly hub: Hub
  readonly index = new SearchIndex(new Edges())
  readonly limits = new Limits()
  readonly tokens = new Tokens()
  readonly oauth = new OAuth(this.tokens)
  readonly webhooks = new Webhooks()
  clock: TwinClock
  random: () => number
  /** Who changes the portal now: an app through the API, or a user. */
  #source = "CRM_UI"
  #seeding = false
  readonly #route: ReturnType<typeof Router.make>
  readonly #validator: SpecValidator.SpecValidator

  constructor({ clock, portal, random, validator }: Setup) {
    this.clock = clock
    this.random = random
    this.#validator = validator
    this.hub = new Hub(portal, (changes, at) => this.#committed(changes, at))
    this.#route = Router.make(Operations.make(this.index, this.limits))
  }

  /** The portal's clock. */
  now(): number {
    return this.clock.now() + this.hub.knobs.clockSkew
  }

  /** What operations are called with when nobody asked through the API. */
  call(family: Family = "2026-09"): Call {
    return { hub: this.hub, family, now: this.now(), random: this.random }
  }

  /** What was there before anybody looked: searchable at once, and no event tells of it. */
  seeding<A>(body: (call: Call) => A): A {
    const call = this.call()
    this.#seeding = true
    try {
      return this.hub.store.transaction(call.now, () => body(call))
    } finally {
      this.#seeding = false
    }
  }

  uuid = (): string => {
    const digit = () => Math.floor(this.random() * 16).toString(16)
    return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replaceAll("x", digit)
  }

  #committed(changes: ReadonlyArray<Change>, at: number): void {
    if (this.#seeding) {
      this.index.note(changes, at, () => 0)
      return
    }
    const { max, min } = this.hub.knobs.indexLag
    this.index.note(changes, at, () => min + Math.floor(this.random() * (max - min + 1)))
    this.webhooks.note(this.call(), changes, this.#source)
  }

  async handle(request: TwinRequest, context: VendorContext): Promise<TwinReply> {
    this.clock = context.clock
    this.random = context.random
    this.#mergeMidSync()
    const before = this.#revision()
    this.#source = "INTEGRATION"
    const reply = this.#answer(request)
    this.#source = "CRM_UI"
    const changed = this.#revision() !== before
    const late = changed && this.hub.knobs.commitThenTimeout.times > 0 ? await this.#timeout() : reply
    const date = new Date(this.now()).toUTCString()
    return { ...late, headers: { date, "x-trace": this.uuid(), ...late.headers }, changed }
  }

  #revision(): number {
    return this.hub.store.revision + this.hub.metadataRevision
  }

  async #timeout(): Promise<TwinReply> {
    const knob = this.hub.knobs.commitThenTimeout
    knob.times -= 1
    await this.clock.sleep(knob.millis)
    return gatewayPage(504)
  }

  #answer(request: TwinRequest): TwinReply {
    try {
      return this.#atGateway() ?? this.#dispatch(request)
    } catch (error) {
      if (!(error instanceof Errors.Refusal)) throw error
      if (error.answer.status === 404 && this.hub.knobs.html404) return gatewayPage(404)
      return Errors.envelope(error.answer, this.uuid())
    }
  }

  #atGateway(): TwinReply | undefined {
    const { knobs } = this.hub
    if (knobs.upstream502 > 0) {
      knobs.upstream502 -= 1
      return gatewayPage(502)
    }
    if (knobs.migrating477.times <= 0) return undefined
    knobs.migrating477.times -= 1
    const message = "This portal is being moved to another data centre."
    const { body } = Errors.envelope({ status: 477, category: "MIGRATION_IN_PROGRESS", message }, this.uuid())
    return { status: 477, headers: { "retry-after": String(knobs.migrating477.retryAfter) }, body }
  }

  #dispatch(request: TwinRequest): TwinReply {
    if (request.url.href.length > MAX_URI) {
      throw new Errors.Refusal({ status: 414, category: "VALIDATION_ERROR", message: "The request URI is too long." })
    }
    const address = Router.address(request.path)
    if (address === undefined) throw new Errors.Refusal(MISSING_PATH)
    const problem = this.#validator.check(request)
    if (problem?.kind === "unknownPath") throw new Errors.Refusal(MISSING_PATH)
    if (problem?.kind === "unknownMethod") {
      throw new Errors.Refusal({ status: 405, category: "METHOD_NOT_ALLOWED", message: problem.message })
    }
    return address.resource.startsWith("oauth/")
      ? this.#token(request, address)
      : this.#operate(request, address, problem)
  }

  #token(request: TwinRequest, { family, resource }: Router.Address): TwinReply {
    const form = Object.fromEntries(new URLSearchParams(request.body))
    const call = this.call(family)
    if (resource === "oauth/token/introspect") return this.oauth.introspect(call, form, this.uuid)
    if (resource === "oauth/token/revoke") return this.oauth.revoke(call, form, this.uuid)
    return this.oauth.token(call, form, this.uuid)
  }

  #operate(request: TwinRequest, address: Router.Address, problem: SpecValidator.Problem | undefined): TwinReply {
    const route = this.#route(request.method, address.resource)
    if (route === undefined) throw new Errors.Refusal(MISSING_PATH)
    const { operation, params } = route
    const grant = this.tokens.authorise(request.headers.get("authorization"), this.hub.knobs, this.now())
    const verdict = this.limits.take(this.hub, grant, operation.rate, this.now(), this.uuid)
    if ("refused" in verdict) return verdict.refused
    const reply = this.#permitted(request, { address, grant, operation, params, problem })
    return { ...reply, headers: { ...verdict.headers, ...reply.headers } }
  }

  #permitted(
    request: TwinRequest,
    {
      address,
      grant,
      operation,
      params,
      problem,
    }: {
      readonly address: Router.Address
      readonly grant: Grant
      readonly operation: Operations.Operation
      readonly params: Readonly<Record<string, string>>
      readonly problem: SpecValidator.Problem | undefined
    },
  ): TwinReply {
    const parsed = {
      method: request.method,
      url: request.url,
      params,
      body: undefined,
      bodyLength: request.body.length,
    }
    try {
      Scopes.require(grant, this.hub.knobs, operation.scopes(parsed))
      if (problem !== undefined) throw badRequest(problem)
      const complete: Parsed = { ...parsed, body: Body.parse(request.body) }
      if (operation.access === "write") this.#locked(operation, complete)
      const reply = operation.handler(this.call(address.family), complete)
      return this.#pending(operation, reply)
    } catch (error) {
      // A refusal passed the limits all the same, and its answer tells them.
      if (!(error instanceof Errors.Refusal) || (error.answer.status === 404 && this.hub.knobs.html404)) throw error
      return Errors.envelope(error.answer, this.uuid())
    }
  }

  /** Bulk upserts of companies lock the type for two seconds. */
  #locked({ template }: Operations.Operation, { body, params }: Parsed): void {
    const { knobs } = this.hub
    const forced = knobs.locked423 > 0
    if (forced) knobs.locked423 -= 1
    const upsert =
      template.endsWith("/batch/upsert") && ObjectTypes.find(params["objectType"] ?? "")?.name === "companies"
    const inputs = upsert ? (body as { readonly inputs: ReadonlyArray<unknown> }).inputs.length : 0
    if (forced || (upsert && this.limits.lock(inputs, this.now()))) {
      throw new Errors.Refusal({
        status: 423,
        category: "LOCKED",
        message: "This resource is locked; try again in 2 seconds.",
      })
    }
  }

  /** Applied, and not told what came of it. */
  #pending({ access, template }: Operations.Operation, reply: TwinReply): TwinReply {
    const { knobs } = this.hub
    const applies = access === "write" && template.startsWith("objects/") && template.includes("/batch/")
    if (!applies || reply.status === 204 || knobs.pendingStatus <= 0) return reply
    knobs.pendingStatus -= 1
    const body = reply.body as Readonly<Record<string, unknown>>
    return { ...reply, body: { ...body, status: "PENDING", results: [] } }
  }

  /** Somebody merges two records while the client is at work. */
  #mergeMidSync(): void {
    const knob = this.hub.knobs.mergeMidSync
    if (knob === undefined) return
    knob.afterRequests -= 1
    if (knob.afterRequests > 0) return
    this.hub.knobs.mergeMidSync = undefined
    const type = ObjectTypes.of(knob.type)
    const live = [...this.hub.store.table(knob.type).from()].filter((record) => record.archivedAt === undefined)
    const pick = () => live.splice(Math.floor(this.random() * live.length), 1)[0]?.id ?? ""
    const primary = knob.primary ?? pick()
    const other = knob.other ?? pick()
    const call = this.call()
    this.hub.store.transaction(call.now, () => Merge.merge(call, type, primary, other))
  }
}

const gatewayPage = (status: number): TwinReply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>Error ${status}</h1></body></html>`,
})

/** What does not fit our description fails as malformed input does there. */
const badRequest = ({ message, path }: SpecValidator.Problem): Errors.Refusal =>
  Errors.validation(`Invalid input at ${path.join(".")}: ${message}`, {
    errors: [{ message, in: path.join("."), code: "INVALID_INPUT" }],
  })
