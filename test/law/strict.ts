import { contradictionsOf } from "../../src/diff/validate.js";
import { applyOp } from "../../src/op/apply.js";
import { scopeOf } from "../../src/op/dependents.js";
import { mentionsColumn } from "../../src/op/expression/column.js";
import type { Op } from "../../src/op/op.js";
import { copySchema } from "../../src/schema/build.js";
import { nameKey, type ObjectName, showName } from "../../src/schema/name.js";
import type { Schema } from "../../src/schema/schema.js";

function quoted(name: ObjectName): string {
  const parts = name.namespace === null ? [name.name] : [name.namespace, name.name];
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
}

/** Views over a table or view, as the random schemas write them. */
function viewsOver(schema: Schema, name: ObjectName, column?: string): readonly string[] {
  const selected = column === undefined ? "" : `SELECT ${quoted({ namespace: null, name: column })} `;
  return [...schema.views.values()]
    .filter((view) => view.definition.startsWith(selected))
    .filter((view) => view.definition.endsWith(` FROM ${quoted(name)}`))
    .map(showName);
}

/** What PostgreSQL refuses although the op fits the schema: reasons, none when it would run. */
function refusals(schema: Schema, op: Op): readonly string[] {
  switch (op.kind) {
    case "drop-table":
    case "drop-view":
      return viewsOver(schema, op.name).map((view) => `view ${view} is over ${showName(op.name)}`);
    case "drop-column":
      return viewsOver(schema, op.table, op.column).map((view) => `view ${view} has ${op.column}`);
    case "alter-column": {
      if (op.changes.type === undefined) return [];
      const table = schema.tables.get(nameKey(op.table));
      if (table === undefined) return [];
      const mentions = (text: string | null | undefined) =>
        text != null && mentionsColumn(text, scopeOf(table), op.column);
      return [
        ...viewsOver(schema, op.table, op.column).map((view) => `view ${view} has ${op.column}`),
        ...table.columns
          .filter((one) => mentions(one.generated?.expression))
          .map((one) => `${one.name} is computed from ${op.column}`),
        ...table.policies
          .filter((one) => mentions(one.using) || mentions(one.check))
          .map((one) => `policy ${one.name} uses ${op.column}`),
      ];
    }
    case "replace-enum-values": {
      const columns = [...schema.tables.values()].flatMap((table) => table.columns);
      return columns
        .filter((one) => one.type.name === op.name.name && one.default !== null)
        .filter(
          (one) => !op.values.some((value) => one.default?.startsWith(`'${value.replaceAll("'", "''")}'`)),
        )
        .map((one) => `default ${one.default} of ${one.name} is no value of ${showName(op.name)}`);
    }
    default:
      return [];
  }
}

/** Applies ops as an engine would: every op must be possible, and leave a schema that contradicts itself nowhere. */
export function applyStrictly(schema: Schema, ops: readonly Op[]): Schema {
  const draft = copySchema(schema);
  for (const [position, op] of ops.entries()) {
    const reasons = refusals(draft, op);
    applyOp(draft, op);
    const findings = [...reasons, ...contradictionsOf(draft).map(({ text }) => text)];
    if (findings.length > 0) {
      throw new Error(`op ${position} ${JSON.stringify(op)}: ${findings.join("; ")}`);
    }
  }
  return draft;
}
