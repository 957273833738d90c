import type { Connection } from "../dialect/connection.js";
import type { Scratch } from "../dialect/dialect.js";
import type { Project } from "../run/project.js";
import { readSlot } from "../schema/slot.js";
import { adoptUnsaid } from "./adopt.js";
import { besideRepeatables } from "./beside-repeatables.js";
import { differences } from "./differences.js";
import { askConnection } from "./engine.js";
import { readModels } from "./read-models.js";
import { inspectLike } from "./sides.js";

/** What the models have that a database has not, and the other way round, line by line; none says that they are the same. */
export async function driftOf(
  given: Project,
  connection: Connection,
  openScratch: () => Promise<Scratch>,
): Promise<readonly string[]> {
  const project = await besideRepeatables(given);
  const models = await readModels(project.config, project.dialect.name, openScratch);
  const found = await inspectLike(project, connection, models.schema);
  const wanted = adoptUnsaid(models.schema, found.schema, models.unsaid);
  const ask = askConnection(project.dialect, connection);
  const { lines, undecided } = await differences(project.dialect, found.schema, wanted, ask);
  const unclear = [...undecided].map(([slot, reason]) => {
    const { object, part, name } = readSlot(slot);
    return `${part} ${object.name}${name === "" ? "" : `.${name}`} could not be decided: ${reason}`;
  });
  return [...lines, ...unclear];
}
