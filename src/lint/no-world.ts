import { PersistentMap } from "../effect/persistent-map.js";
import type { World } from "../effect/world.js";

/** A world in which nothing is known. */
export const noWorld: World = {
  relations: PersistentMap.empty(),
  relationNames: PersistentMap.empty(),
  types: PersistentMap.empty(),
  typeNames: PersistentMap.empty(),
  functions: PersistentMap.empty(),
  schemas: new Map(),
  extensions: new Set(),
  statistics: new Map(),
  searchPath: [],
  settings: new Map(),
  nextId: 0,
  complete: false,
};
