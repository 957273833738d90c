import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import { mostRows, sizesFor, withEstimates } from "./estimate.js";
import { type FilledTables, type FillRows, fillMany } from "./many-rows.js";
import type { GivenRows, Trace } from "./traced.js";

/**
 * Traces with the rows that were asked for: where they are many, twice, with fewer rows, and tells from these what more
 * would take.
 *
 * @throws AludelError `usage` for a table that is not there before anything that is traced.
 */
export async function traceWithRows(
  dialect: Dialect,
  asked: ReadonlyMap<string, number>,
  once: (fill: FillRows) => Promise<Omit<Trace, "rows">>,
): Promise<Trace> {
  const run = async (which: 0 | 1) => {
    const sizes = new Map([...asked].map(([name, count]) => [name, sizesFor(count)[which]]));
    const filled: FilledTables = new Map();
    const trace = await once(fillMany(dialect, sizes, filled));
    const missing = [...asked.keys()].filter((name) => !filled.has(name));
    if (missing.length > 0) throw noTable(missing);
    return { trace, filled };
  };
  const isMuch = [...asked.values()].some((count) => count > mostRows);
  const few = isMuch ? await run(0) : null;
  const many = await run(1);
  const rows = [...asked].map(([name, count]): GivenRows => {
    const second = many.filled.get(name);
    const first = few?.filled.get(name) ?? second;
    return {
      table: second?.table ?? name,
      asked: count,
      made: [first?.count ?? 0, second?.count ?? 0],
      reason: second?.reason ?? null,
    };
  });
  const { trace } = many;
  return {
    ...trace,
    rows,
    runs: few === null ? trace.runs : withEstimates(few.trace.runs, trace.runs, rows),
  };
}

/** No rows at all. */
export const noRows: FillRows = async (_: Connection) => undefined;

function noTable(names: readonly string[]): AludelError {
  return new AludelError("usage", `There is no table ${names.join(", ")} before what is traced`, {
    remedy: "Name a table that is there already, with its schema where there are several of its name.",
  });
}
