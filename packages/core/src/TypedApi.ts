/**
 * The calls of a client that was generated from a description, by its `paths`. The types of `openapi-fetch` infer what is
 * handed in, and so take a field that the description does not have; and they rebuild every type that they pass on, which
 * takes exact numbers and branded texts apart. These check what is written where it is written and pass types on as they
 * are. They need the door of the pipeline: a call without it does not compile.
 *
 * ```ts
 * const api: TypedApi<paths> = createClient<paths>({ baseUrl, fetch: refuse }) as never
 * pipeline.call(operation, (door) => api.GET("/things/{id}", { ...door, params: { path: { id } } }))
 * ```
 */
import type { Send } from "./Pipeline.ts"

export type Method = "get" | "put" | "post" | "delete" | "patch"

/** The paths that have the method. */
export type PathsWith<P, M extends Method> = {
  [T in keyof P]: P[T] extends { readonly [K in M]: { readonly responses: unknown } } ? T : never
}[keyof P]

export type OperationOf<P, T extends keyof P, M extends Method> = M extends keyof P[T] ? P[T][M] : never

type Params<Op> = Op extends { readonly parameters: infer P }
  ? // biome-ignore lint/complexity/noBannedTypes: `{}` is how one asks whether all members are optional.
    {} extends P
    ? { readonly params?: P }
    : { readonly params: P }
  : { readonly params?: never }

type Values<C> = C[keyof C]

type Body<Op> = Op extends { readonly requestBody: { readonly content: infer C } }
  ? { readonly body: Values<C> }
  : Op extends { readonly requestBody?: infer B }
    ? [NonNullable<B>] extends [never]
      ? { readonly body?: never }
      : NonNullable<B> extends { readonly content: infer C }
        ? { readonly body?: Values<C> }
        : { readonly body?: never }
    : { readonly body?: never }

/** What a call is handed: the door, parameters, a body, and headers that no description names. */
export type Init<Op> = Parameters<Send<unknown>>[0] &
  Params<Op> &
  Body<Op> & { readonly headers?: Readonly<Record<string, string>> }

type Success = 200 | 201 | 202 | 203 | 204 | 206

type Content<R> = R extends { readonly content: infer C } ? ([C] extends [never] ? undefined : Values<C>) : undefined

/** What the answers of success hold; undefined where one has no body. */
export type Answer<Op> = Op extends { readonly responses: infer R }
  ? { [S in keyof R]: S extends Success ? Content<R[S]> : never }[keyof R]
  : never

export type Call<P, M extends Method> = <T extends PathsWith<P, M>>(
  path: T,
  init: Init<OperationOf<P, T, M>>,
) => Promise<{
  readonly data?: Answer<OperationOf<P, T, M>>
  readonly error?: unknown
  readonly response: Response
}>

export interface TypedApi<P> {
  readonly GET: Call<P, "get">
  readonly PUT: Call<P, "put">
  readonly POST: Call<P, "post">
  readonly DELETE: Call<P, "delete">
  readonly PATCH: Call<P, "patch">
}
