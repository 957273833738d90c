import type { AludelError } from "../../error/error.js";
import type { Row } from "../connection.js";
import type { Description } from "../description.js";
import { statementError } from "./driver-error.js";

/** A statement, with the types of parameters that are known (0: the server finds it out). */
export interface Asked {
  readonly text: string;
  readonly types: readonly number[];
}

/** What the server says of a statement, by the numbers of the types. */
export interface RawDescription {
  readonly parameters: readonly number[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** A way to the server. */
export interface Describer {
  readonly target: string;
  readonly version: number;
  /** Parses and describes, and runs nothing; what the server refuses stands there as it was thrown. */
  readonly describe: (asked: readonly Asked[]) => Promise<readonly (RawDescription | Error)[]>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
}

const text = 25;
/** "could not determine data type of parameter $n" (appendix A). */
const indeterminate = "42P18";
/** No unique constraint for an ON CONFLICT, which only the planner sees. */
const noArbiter = "42P10";

const stateOf = (error: Error): unknown => (error as { readonly code?: unknown }).code;

/**
 * What the statements take and give, each by itself, in the order in which they are given; what the server refuses is the
 * error. Nothing is run: they are parsed and described (manual, "Extended Query"). A parameter whose type nothing in
 * the statement tells is taken for text. An INSERT with ON CONFLICT is planned, too, from version 16 on, since only then
 * the server looks for the constraint.
 *
 * @throws AludelError `connection-lost`.
 */
export async function describeStatements(
  statements: readonly string[],
  server: Describer,
): Promise<readonly (Description | AludelError)[]> {
  const raw = await describeAll(statements, server);
  for (const [at, sql] of statements.entries()) {
    if (raw[at] instanceof Error || server.version < 160_000 || !/\bon\s+conflict\b/i.test(sql)) continue;
    const refused = await server.query(`EXPLAIN (GENERIC_PLAN) ${sql}`).then(() => null, asError);
    if (refused !== null && stateOf(refused) === noArbiter) raw[at] = refused;
  }
  const names = await typeNames(raw, server);
  const name = (id: number) => names.get(id) ?? String(id);
  return raw.map((one, at) => {
    if (one instanceof Error) return refusal(one, statements[at] ?? "", server.target);
    return {
      parameters: one.parameters.map(name),
      columns: one.fields.map((field) => ({ name: field.name, type: name(field.dataTypeID) })),
    };
  });
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function refusal(error: Error, statement: string, target: string): AludelError {
  const told = statementError(error, statement, target);
  if (told.code === "connection-lost") throw told;
  return told;
}

/** A round for all of them, and one more as long as there are parameters without a type. */
async function describeAll(
  statements: readonly string[],
  { describe }: Describer,
): Promise<(RawDescription | Error)[]> {
  const asked = statements.map((sql): Asked => ({ text: sql, types: [] }));
  const found: (RawDescription | Error)[] = [];
  for (let left = asked.map((_, at) => at); left.length > 0; ) {
    const answers = await describe(left.map((at) => asked[at] ?? { text: "", types: [] }));
    const again: number[] = [];
    for (const [position, at] of left.entries()) {
      const answer = answers[position] ?? new Error("The server did not answer");
      found[at] = answer;
      const types = typed(asked[at], answer);
      if (types === null) continue;
      asked[at] = { text: asked[at]?.text ?? "", types };
      again.push(at);
    }
    left = again;
  }
  return found;
}

/** The types with one more that is text; `null` when that is not what the server asks for. */
function typed(asked: Asked | undefined, answer: RawDescription | Error): readonly number[] | null {
  if (asked === undefined || !(answer instanceof Error) || stateOf(answer) !== indeterminate) return null;
  const number = Number(/\$(\d+)/.exec(answer.message)?.[1] ?? 0);
  if (number < 1 || asked.types[number - 1] === text) return null;
  const types = Array.from({ length: Math.max(number, asked.types.length) }, (_, at) => asked.types[at] ?? 0);
  types[number - 1] = text;
  return types;
}

async function typeNames(
  raw: readonly (RawDescription | Error)[],
  { query }: Describer,
): Promise<ReadonlyMap<number, string>> {
  const ids = new Set(
    raw.flatMap((one) =>
      one instanceof Error ? [] : [...one.parameters, ...one.fields.map((field) => field.dataTypeID)],
    ),
  );
  if (ids.size === 0) return new Map();
  const rows = await query(
    `SELECT id::bigint::text AS id, pg_catalog.format_type(id, NULL) AS name FROM pg_catalog.unnest('{${[...ids].join(",")}}'::oid[]) AS id`,
  );
  return new Map(rows.map(({ id, name }) => [Number(id), String(name)]));
}
