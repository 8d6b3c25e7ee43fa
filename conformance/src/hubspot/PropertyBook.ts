/** The property definitions and groups of every type: the standard ones and the portal's own. */

import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import * as StandardProperties from "./StandardProperties.ts"
import type { PropertyDefinition, PropertyGroup } from "./State.ts"

export interface BookDump {
  readonly definitions: ReadonlyArray<readonly [ObjectName, ReadonlyArray<PropertyDefinition>]>
  readonly groups: ReadonlyArray<readonly [ObjectName, ReadonlyArray<PropertyGroup>]>
}

export class PropertyBook {
  readonly #definitions = new Map<ObjectName, Map<string, PropertyDefinition>>()
  readonly #groups = new Map<ObjectName, Map<string, PropertyGroup>>()
  /** Told whenever the set of unique properties of a type may have changed. */
  readonly #reindex: (type: ObjectName) => void

  constructor(reindex: (type: ObjectName) => void) {
    this.#reindex = reindex
  }

  /** The standard definitions of every type. */
  reset(): void {
    for (const { name } of ObjectTypes.all) {
      this.#definitions.set(name, new Map(StandardProperties.of(name).map((one) => [one.name, one])))
      const group = StandardProperties.groupOf(name)
      this.#groups.set(name, new Map([[group, { name: group, label: group, displayOrder: 0, archived: false }]]))
      this.#reindex(name)
    }
  }

  of(type: ObjectName): ReadonlyMap<string, PropertyDefinition> {
    return this.#definitions.get(type) ?? new Map()
  }

  groups(type: ObjectName): ReadonlyMap<string, PropertyGroup> {
    return this.#groups.get(type) ?? new Map()
  }

  /** A definition that is in use, not an archived one. */
  active(type: ObjectName, name: string): PropertyDefinition | undefined {
    const found = this.of(type).get(name)
    return found?.archivedAt === undefined ? found : undefined
  }

  define(type: ObjectName, definition: PropertyDefinition): void {
    this.#definitions.get(type)?.set(definition.name, definition)
    this.#reindex(type)
  }

  defineGroup(type: ObjectName, group: PropertyGroup): void {
    this.#groups.get(type)?.set(group.name, group)
  }

  removeGroup(type: ObjectName, name: string): boolean {
    return this.#groups.get(type)?.delete(name) ?? false
  }

  /** Active properties whose values are unique in the portal. */
  unique(type: ObjectName): ReadonlyArray<string> {
    return [...this.of(type).values()]
      .filter((one) => one.hasUniqueValue && one.archivedAt === undefined)
      .map((one) => one.name)
  }

  dump(): BookDump {
    return {
      definitions: [...this.#definitions].map(([type, map]) => [type, [...map.values()]] as const),
      groups: [...this.#groups].map(([type, map]) => [type, [...map.values()]] as const),
    }
  }

  load(dump: BookDump): void {
    for (const [type, list] of dump.definitions) {
      this.#definitions.set(type, new Map(list.map((one) => [one.name, one])))
      this.#reindex(type)
    }
    for (const [type, list] of dump.groups) this.#groups.set(type, new Map(list.map((one) => [one.name, one])))
  }
}
