import type { Seed } from "../../seed/read-seeds.js";
import type { SeedEvent, SeedResult } from "../../seed/seed-database.js";
import type { Output } from "../output.js";
import { bar, showDuration } from "./progress.js";

/** Tells how seeds go on: a line for each, and on a terminal a bar under them. */
export function reportSeeds(out: Output): (event: SeedEvent) => void {
  return (event) => {
    if (event.kind === "started") out.status(bar(event.position - 1, event.total, `seed ${event.seed.name}`));
    else out.talk(`seed ${event.seed.name} (${showDuration(event.durationMs)})`);
  };
}

/** For machines. */
export function ranData({ seed, durationMs }: SeedResult["ran"][number]) {
  return { ...seedData(seed), durationMs };
}

/** For machines. */
export function seedData({ name, file, revision, checksum }: Seed) {
  return { name, file, revision, checksum };
}
