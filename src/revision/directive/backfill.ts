import type { Op } from "../../op/op.js";
import type { BackfillFunction, BackfillInput, BackfillValues } from "../operation-input.js";
import type { NameInput } from "../operations.js";
import { isSqlText, renderSql } from "../sql-text.js";
import { checkNames, checkOptions, mistake, toName, toPairs } from "./check-input.js";
import type { Spelling } from "./spelling.js";

const emptyText = (text: unknown): boolean => typeof text !== "string" || text.trim() === "";

/** The op of `op.backfill`. */
export function backfillOp(spelling: Spelling, table: NameInput, input: BackfillInput): Op<"backfill"> {
  const name = toName("backfill", "table", table);
  const ofFunction = typeof input === "object" && input !== null && "compute" in input;
  const own = ofFunction ? ["read", "write", "compute"] : ["set"];
  checkOptions("backfill", input ?? null, [...own, "where", "batchSize"]);
  const { where, batchSize } = input;
  const made = ofFunction
    ? computed(spelling, input)
    : { set: expressions(spelling, input as BackfillValues) };
  const predicate = isSqlText(where) ? renderSql(where, spelling) : where;
  if (emptyText(predicate)) {
    throw mistake(
      "backfill was not told which rows it is for",
      "Say in `where` which rows still need it, and no longer do when they have been written: where: sql`name IS NULL`.",
    );
  }
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize > 0)) {
    throw mistake("backfill was given a batchSize that is no number of rows", "Give a whole number above 0.");
  }
  return {
    kind: "backfill",
    table: name,
    ...made,
    where: predicate,
    ...(batchSize === undefined ? {} : { batchSize }),
  };
}

function expressions(spelling: Spelling, { set }: BackfillValues): Op<"backfill">["set"] {
  const pairs = toPairs("backfill", "column", set, "{ set: { name: sql`first || ' ' || last` }, … }");
  if (pairs.length === 0) {
    throw mistake("backfill was given no columns", "Say in `set` what the columns are to have.");
  }
  const texts = pairs.map(([column, value]) => {
    const text = isSqlText(value) ? renderSql(value, spelling) : spelling.literal(value);
    if (value !== undefined && !emptyText(text)) return [column, text] as const;
    throw mistake(`backfill was given nothing for "${column}"`, "Give a value, or SQL as sql`…`.");
  });
  return Object.fromEntries(texts);
}

function computed(
  spelling: Spelling,
  { read, write, compute }: BackfillFunction,
): Required<Pick<Op<"backfill">, "set" | "computed">> {
  if (typeof compute !== "function") {
    throw mistake(
      "backfill was given no function in `compute`",
      "Write compute: (rows) => rows.map((row) => ({ slug: slugOf(row.title) })), or give values in `set`.",
    );
  }
  const columns = checkNames("backfill", "column", write);
  // Whoever takes it for SQL leaves the rows as they are.
  const set = Object.fromEntries(columns.map((column) => [column, spelling.quote(column)]));
  return { set, computed: { read: checkNames("backfill", "column", read), compute } };
}
