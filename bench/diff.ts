import { diff } from "../src/diff/diff.js";
import { applyOps, invertOps } from "../src/op/apply.js";
import {
  column,
  columnType,
  constraintBase,
  draftSchema,
  emptySchema,
  index,
  indexKey,
  table,
} from "../src/schema/build.js";
import type { Constraint, Schema } from "../src/schema/schema.js";

// Run with `npx jiti bench/diff.ts [tables]`: the time of a diff that finds nothing, everything, and one column.

const count = Number(process.argv[2] ?? 2000);

function constraintsOf(place: number): readonly Constraint[] {
  const name = `table_${place}`;
  return [
    {
      kind: "primary-key",
      ...constraintBase(`${name}_pkey`),
      columns: ["column_0"],
      include: [],
      deferral: "immediate",
      autoincrement: false,
    },
    {
      kind: "foreign-key",
      ...constraintBase(`${name}_fkey`),
      columns: ["column_1"],
      references: { table: { namespace: null, name: `table_${(place + 1) % count}` }, columns: ["column_0"] },
      onDelete: "no action",
      onUpdate: "no action",
      match: "simple",
      deferral: "immediate",
      validated: true,
    },
  ];
}

function schemaOf(extra: number): Schema {
  const schema = draftSchema("postgres");
  for (let place = 0; place < count; place += 1) {
    const columns = Array.from({ length: 15 + (place === 7 ? extra : 0) }, (_, number) =>
      column(`column_${number}`, columnType(number % 2 === 0 ? "integer" : "text"), {
        default: number % 5 === 4 ? "'x'::text" : null,
        nullable: number > 0,
      }),
    );
    const indexes = [1, 2, 3].map((number) =>
      index(`ix_${place}_${number}`, [indexKey({ column: `column_${number}` })]),
    );
    const name = `table_${place}`;
    schema.tables.set(name, table(name, { columns, indexes, constraints: constraintsOf(place) }));
  }
  return schema;
}

function measure<T>(what: string, run: () => T): T {
  const times: number[] = [];
  let result = run();
  for (let round = 0; round < 7; round += 1) {
    const start = performance.now();
    result = run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  process.stdout.write(`${what.padEnd(32)} ${times[3]?.toFixed(1).padStart(8)} ms\n`);
  return result;
}

const options = { sameExpression: (a: string, b: string) => a === b };
const [from, same, more, empty] = [schemaOf(0), schemaOf(0), schemaOf(1), emptySchema("postgres")];
measure("diff, no change", () => diff(from, same, options));
measure("diff, one column", () => diff(from, more, options));
const created = measure("diff, everything new", () => diff(empty, from, options));
const dropped = measure("diff, everything dropped", () => diff(from, empty, options));
measure(`apply, ${created.ops.length} ops that create`, () => applyOps(empty, created.ops));
measure(`apply, ${dropped.ops.length} ops that drop`, () => applyOps(from, dropped.ops));
measure("invert, everything new", () => invertOps(empty, created.ops));
