import { inspectLike } from "../../check/sides.js";
import { showDefined } from "../../schema/address.js";
import { showName } from "../../schema/name.js";
import type { ColumnType, Schema } from "../../schema/schema.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { tellLeftOut } from "../print/left-out.js";
import { tellUninspected } from "../print/uninspected.js";

/** `aludel inspect [--sql]` */
export async function run(context: Context, options: CommandOptions["inspect"]): Promise<ExitCode> {
  const project = await context.project();
  const connection = await context.connect({ mustExist: true });
  const { schema, uninspected, leftOut } = await inspectLike(project, connection, null);
  context.out.data({ ...schema, uninspected, ignored: leftOut });
  tellLeftOut(context, leftOut);
  tellUninspected(context.out, uninspected);
  if (context.json) return 0;
  if (options.sql) {
    const { schemaScript } = await import("../../check/schema-script.js");
    context.out.text(await schemaScript(project.dialect, schema, connection.server.version));
  } else {
    context.out.text(summary(schema, (type) => project.dialect.formatType(type)));
  }
  return 0;
}

function summary(schema: Schema, formatType: (type: ColumnType) => string): string {
  const lines: string[] = [];
  for (const one of schema.namespaces.values()) lines.push(`schema ${one.name}`);
  for (const one of schema.extensions.values()) lines.push(`extension ${one.name}`);
  for (const one of schema.enums.values()) lines.push(`enum ${showName(one)} (${one.values.join(", ")})`);
  for (const one of schema.domains.values())
    lines.push(`domain ${showName(one)} ${formatType(one.type)}${one.nullable ? "" : " not null"}`);
  for (const one of schema.composites.values()) {
    const attributes = one.attributes.map(({ name, type }) => `${name} ${formatType(type)}`);
    lines.push(`composite ${showName(one)} (${attributes.join(", ")})`);
  }
  for (const one of schema.sequences.values()) lines.push(`sequence ${showName(one)}`);
  for (const table of schema.tables.values()) {
    lines.push(`table ${showName(table)}`);
    for (const column of table.columns) {
      const rest = [
        column.nullable ? "" : "not null",
        column.default === null ? "" : `default ${column.default}`,
      ];
      lines.push(
        `  ${[column.name, formatType(column.type), ...rest].filter((word) => word !== "").join(" ")}`,
      );
    }
    for (const one of table.constraints)
      lines.push(`  ${one.kind.replace("-", " ")} ${one.name ?? ""}`.trimEnd());
    for (const one of table.indexes) lines.push(`  ${one.unique ? "unique " : ""}index ${one.name}`);
    for (const one of table.policies) lines.push(`  policy ${one.name}`);
  }
  for (const one of schema.views.values())
    lines.push(`${one.materialized ? "materialized view" : "view"} ${showName(one)}`);
  for (const one of schema.defined.values()) lines.push(showDefined(one));
  return lines.join("\n");
}
