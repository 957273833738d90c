import type { Config, Environment } from "../config/config.js";
import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { readState, writeState } from "./state-table.js";

const name = "environment";

/** What a database says of itself; `null` where it says nothing. */
export async function readMarker(
  dialect: Dialect,
  connection: Connection,
  { stateTable }: Pick<Config, "stateTable">,
): Promise<string | null> {
  const said = await readState(dialect, connection, stateTable, "marker");
  return said.get(name)?.value ?? null;
}

/** Has a database say which one it is; `null`: it says so no more. */
export function writeMarker(
  dialect: Dialect,
  connection: Connection,
  { stateTable, root }: Pick<Config, "stateTable" | "root">,
  marker: string | null,
): Promise<void> {
  return writeState(dialect, connection, stateTable, { kind: "marker", name, value: marker, root });
}

/**
 * Stops before the first statement where a database says that it is another environment's. Where no environment has a marker,
 * none is asked for.
 *
 * @throws AludelError `wrong-database`.
 */
export async function requireMarker(
  dialect: Dialect,
  connection: Connection,
  { name: chosen, identity: { marker } }: Environment,
  config: Pick<Config, "stateTable" | "markers">,
): Promise<void> {
  if (marker === null && Object.keys(config.markers).length === 0) return;
  const found = await readMarker(dialect, connection, config);
  if (found === null || found === marker) return;
  const owner = config.markers[found];
  throw new AludelError("wrong-database", `This is not the database of environment "${chosen}"`, {
    where: { object: connection.target },
    details: [
      `marker: ${marker ?? "none"} is expected, ${found} is there${owner === undefined ? "" : `, which is that of environment "${owner}"`}`,
    ],
    data: { environment: chosen, expected: { marker }, found: { marker: found } },
    remedy: `Nothing was changed. Correct the URL. If this is a copy that is the database of "${chosen}" from now on: aludel mark --env ${chosen} --instead-of ${found}. Environments that are one database have one \`identity.marker\`.`,
  });
}

/** Has a database say which environment's it is, if it does not say so yet. */
export async function keepMarker(
  dialect: Dialect,
  connection: Connection,
  { identity: { marker } }: Environment,
  config: Pick<Config, "stateTable" | "root">,
): Promise<void> {
  if (marker === null || (await readMarker(dialect, connection, config)) !== null) return;
  await writeMarker(dialect, connection, config, marker);
}
