/** What a client of generated paths takes and gives: what is described, and the door of the pipeline with every call. */

import type * as Pipeline from "../../src/Pipeline.ts"
import type * as Replay from "../../src/Replay.ts"
import type { TypedApi } from "../../src/TypedApi.ts"

interface Thing {
  readonly name?: string
  readonly price?: string & { readonly brand: "exact" }
}

interface Paths {
  "/things": {
    parameters: { query?: never }
    get: {
      parameters: { query?: { limit?: number } }
      requestBody?: never
      responses: { 200: { content: { "application/json": { items: ReadonlyArray<Thing> } } } }
    }
    post: {
      parameters: { header: { Prefer: "now" } }
      requestBody: { content: { "application/json": Thing } }
      responses: {
        201: { content: { "application/json": Thing } }
        204: { content?: never }
        400: { content: { a: 1 } }
      }
    }
    put?: never
  }
  "/things/{id}": {
    delete: { parameters: { path: { id: string } }; requestBody?: never; responses: { 204: { content?: never } } }
    patch: {
      parameters: { path: { id: string } }
      requestBody?: { content: { "application/json": Thing } }
      responses: { 200: { content: { "application/json": Thing } } }
    }
  }
}

declare const api: TypedApi<Paths>
declare const door: Parameters<Pipeline.Send<unknown>>[0]
declare const pipeline: Pipeline.Pipeline
declare const read: Replay.Operation<"safe">
const params = { path: { id: "1" } }

export const listed = pipeline.call(read, (way) => api.GET("/things", { ...way, params: { query: { limit: 2 } } }))
export const items = async () => (await api.GET("/things", door)).data?.items[0]?.price satisfies Thing["price"]
export const made = async (): Promise<Thing | undefined> =>
  (await api.POST("/things", { ...door, params: { header: { Prefer: "now" } }, body: { name: "a" } })).data
export const gone = async (): Promise<undefined> => (await api.DELETE("/things/{id}", { ...door, params })).data
export const bodyless = api.PATCH("/things/{id}", { ...door, params })

// @ts-expect-error missing the following properties
export const around = api.GET("/things", {})
// @ts-expect-error Argument of type '"/things"' is not assignable to parameter of type
export const noMethod = api.PUT("/things", door)
// @ts-expect-error Property 'params' is missing
export const headless = api.POST("/things", { ...door, body: {} })
// @ts-expect-error Property 'body' is missing
export const empty = api.POST("/things", { ...door, params: { header: { Prefer: "now" } } })
// @ts-expect-error 'limitt' does not exist
export const misspelt = api.GET("/things", { ...door, params: { query: { limitt: 2 } } })
// @ts-expect-error 'colour' does not exist
export const unknown = api.PATCH("/things/{id}", { ...door, params, body: { colour: "red" } })
// @ts-expect-error Type 'string' is not assignable to type
export const unbranded = api.PATCH("/things/{id}", { ...door, params, body: { price: "1.50" } })
// @ts-expect-error Type '{}' is not assignable to type 'never'
export const stuffed = api.DELETE("/things/{id}", { ...door, params, body: {} })
