import { constantsOf } from "../../dialect/condition.js";
import { scopeOf } from "../../op/dependents.js";
import { mentionsColumn } from "../../op/expression/column.js";
import { sameName } from "../../schema/name.js";
import type { Schema, Table } from "../../schema/schema.js";
import { combine, type Given, type Solved } from "./conditions.js";

/** A partition that has rows itself, with the bounds of all that it lies in, the outermost first. */
interface Leaf {
  readonly levels: readonly { readonly keys: string; readonly bounds: string }[];
}

/**
 * Values of the partition key that lie in some partition: the bounds themselves, of which the lower is in, for one
 * partition after the other.
 */
export function placedInPartitions(schema: Schema, table: Table, given: readonly Given[]): readonly Solved[] {
  const leaves = leavesOf(schema, table, []);
  const scope = scopeOf(table);
  // A hash partition takes its share of whatever comes.
  const keys = leaves.flatMap(({ levels }) => levels.filter(hasConstants).map((level) => level.keys));
  const uses = (key: string, name: string) => isKey(key, name) || mentionsColumn(key, scope, name);
  const columns = given.filter(({ name }) => keys.some((key) => uses(key, name)));
  if (leaves.length === 0 || columns.length === 0) return [];
  const perLeaf = leaves.map(({ levels }) =>
    combine(
      columns.map(({ name, values }) => {
        const bounds = levels.filter((level) => uses(level.keys, name));
        const texts = bounds.flatMap((level) =>
          / WITH /i.test(level.bounds) ? [] : constantsOf(level.bounds).texts,
        );
        const constants = texts.flatMap((text) => values.constant(text) ?? []);
        return constants.length > 0 ? [...new Set(constants)] : [values.ordinary(0), values.ordinary(1)];
      }),
    ),
  );
  const most = Math.max(...perLeaf.map((combinations) => combinations.length));
  const solutions = Array.from({ length: most }, (_, at) =>
    perLeaf.flatMap((some) => (some[at] ? [some[at]] : [])),
  );
  return [{ columns: columns.map(({ name }) => name), solutions: solutions.flat(), inTurn: true }];
}

const hasConstants = ({ bounds }: Leaf["levels"][number]): boolean =>
  !/^FOR VALUES WITH|^DEFAULT$/i.test(bounds);

/** True when the column itself is a key, also one with a name that means something in expressions (`at`). */
function isKey(keys: string, name: string): boolean {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  return keys.split(",").some((part) => [name, quoted].includes(part.trim()));
}

function leavesOf(schema: Schema, table: Table, above: Leaf["levels"]): readonly Leaf[] {
  if (table.partitioning === undefined) return above.length === 0 ? [] : [{ levels: above }];
  const { keys } = table.partitioning;
  return [...schema.tables.values()].flatMap((child) =>
    child.partition !== undefined && sameName(child.partition.of, table)
      ? leavesOf(schema, child, [...above, { keys, bounds: child.partition.bounds }])
      : [],
  );
}
