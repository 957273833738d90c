import { emptyWorld } from "../effect/replay.js";
import type { World } from "../effect/world.js";

/** A world in which nothing is known. */
export const noWorld: World = { ...emptyWorld([]), nextId: 0, complete: false };
