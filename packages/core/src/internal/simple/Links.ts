/**
 * Which record a key of ours means, where the vendor has no field for it: links in the state store, both ways. A create
 * that is about to be sent is announced before, since after a lost answer nothing else would tell that it was sent.
 */
import * as Effect from "effect/Effect"
import type { ConnectorError } from "../../ConnectorError.ts"
import * as Scope from "../../Scope.ts"
import { type RecordRef, refKey, type Service } from "../../StateStore.ts"

/** The scope of what has no other name than our key. */
const KEYS = "mortise.key"

export interface Links {
  /** The ids of those keys that have one. */
  readonly idsOf: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  /** The keys of those records that have one. */
  readonly keysOf: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly announce: (key: string, now: number) => Effect.Effect<void, ConnectorError>
  /** When a create of this key was announced of which nobody knows what became, in milliseconds since the epoch. */
  readonly pendingSince: (key: string) => Effect.Effect<number | undefined, ConnectorError>
  /** The key means this record, and nothing is pending. One transaction. */
  readonly settle: (key: string, id: string) => Effect.Effect<void, ConnectorError>
  /** The create was refused: nothing was made. */
  readonly withdraw: (key: string) => Effect.Effect<void, ConnectorError>
}

export const make = (store: Service, scope: Scope.Scope, entity: string): Links => {
  const target = { scope: Scope.format(scope), entity }
  const kind = { scope: KEYS, entity }
  const source = (key: string): RecordRef => ({ ...kind, id: key })
  // A name for each key, so that one of them is found without reading all.
  const relay = (key: string): string => `keys of ${target.scope} ${entity} ${key}`
  const settled = (key: string) => [{ relay: relay(key), key }]

  return {
    idsOf: (keys) =>
      Effect.map(store.linksFrom(keys.map(source), target), (links) => {
        const ids = new Map<string, string>()
        for (const key of keys) {
          const link = links.get(refKey(source(key)))
          if (link !== undefined) ids.set(key, link.target.id)
        }
        return ids
      }),
    keysOf: (ids) =>
      Effect.map(
        store.linksTo(
          ids.map((id) => ({ ...target, id })),
          kind,
        ),
        (links) => {
          const keys = new Map<string, string>()
          for (const id of ids) {
            const link = links.get(refKey({ ...target, id }))
            if (link !== undefined) keys.set(id, link.key)
          }
          return keys
        },
      ),
    announce: (key, announcedAt) =>
      store.announce([{ relay: relay(key), key, source: source(key), entity, hash: "", announcedAt }]),
    pendingSince: (key) => Effect.map(store.intents(relay(key)), ([intent]) => intent?.announcedAt),
    settle: (key, id) =>
      store.commit({ links: [{ source: source(key), target: { ...target, id }, key }], settled: settled(key) }),
    withdraw: (key) => store.commit({ settled: settled(key) }),
  }
}
