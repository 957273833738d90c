import { constantsOf, satisfyingQuery } from "../../dialect/condition.js";
import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { Values } from "../../dialect/rows.js";
import { scopeOf } from "../../op/dependents.js";
import { mentionsColumn } from "../../op/expression/column.js";
import type { Expression, Table } from "../../schema/schema.js";

/** A column that gets values, and what it may get. */
export interface Given {
  readonly name: string;
  readonly values: Values;
  readonly nullable: boolean;
  /** Of a foreign key: what its parents have. */
  readonly parents: readonly Expression[] | null;
}

/** Columns that conditions tie together, with values that satisfy these, each in the order of `columns`. */
export interface Solved {
  readonly columns: readonly string[];
  readonly solutions: readonly (readonly Expression[])[];
  /** The solutions are taken one after the other; otherwise far apart, because neighbours differ little. */
  readonly inTurn: boolean;
}

/** At most so many combinations are put to the engine at once, and so many values of one column are in them. */
const combinations = 800;
const candidatesPerColumn = 48;

/**
 * Values for the columns that conditions are about: candidates are made of the constants in the conditions and of the
 * types, and the engine says, in one query for each group of columns, which of them satisfy the conditions.
 */
export async function solveConditions(
  dialect: Dialect,
  connection: Connection,
  table: Table,
  given: readonly Given[],
  conditions: readonly Expression[],
): Promise<readonly Solved[]> {
  const solved: Solved[] = [];
  for (const group of groupsOf(table, given, conditions)) {
    const candidates = combine(group.columns.map((column) => candidatesOf(column, group.conditions)));
    const columns = group.columns.map(({ name, values }) => ({ name, cast: values.cast }));
    const ask = (some: readonly (readonly Expression[])[]) =>
      connection.query(satisfyingQuery(dialect.quote, table.name, columns, some, group.conditions));
    const places = await placesOf(candidates, ask);
    solved.push({
      columns: columns.map(({ name }) => name),
      solutions: places.flatMap((place) => (candidates[place] === undefined ? [] : [candidates[place]])),
      inTurn: false,
    });
  }
  return solved;
}

type Candidates = readonly (readonly Expression[])[];

/** A condition may fail outright on some candidate (a cast, a division): the half without it still tells. */
async function placesOf(
  candidates: Candidates,
  ask: (some: Candidates) => Promise<readonly Readonly<Record<string, unknown>>[]>,
  depth = 0,
): Promise<readonly number[]> {
  if (candidates.length === 0) return [];
  try {
    return (await ask(candidates)).map(({ place }) => Number(place));
  } catch {
    if (candidates.length === 1 || depth > 4) return [];
    const half = Math.ceil(candidates.length / 2);
    const first = await placesOf(candidates.slice(0, half), ask, depth + 1);
    const second = await placesOf(candidates.slice(half), ask, depth + 1);
    return [...first, ...second.map((place) => place + half)];
  }
}

interface Group {
  readonly columns: readonly Given[];
  readonly conditions: readonly Expression[];
}

/** Conditions that share a column are solved together. Those on a column that nobody can give are left to the insert. */
function groupsOf(
  table: Table,
  given: readonly Given[],
  conditions: readonly Expression[],
): readonly Group[] {
  const scope = scopeOf(table);
  const groups: { columns: Set<string>; conditions: Expression[] }[] = [];
  for (const condition of conditions) {
    const names = scope.columns.filter((name) => mentionsColumn(condition, scope, name));
    if (names.length === 0 || names.some((name) => given.every((one) => one.name !== name))) continue;
    const touching = groups.filter((group) => names.some((name) => group.columns.has(name)));
    const merged = {
      columns: new Set([...touching.flatMap((group) => [...group.columns]), ...names]),
      conditions: [...touching.flatMap((group) => group.conditions), condition],
    };
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => ({
    columns: given.filter(({ name }) => group.columns.has(name)),
    conditions: group.conditions,
  }));
}

function candidatesOf(column: Given, conditions: readonly Expression[]): readonly Expression[] {
  const { values, nullable, parents } = column;
  const none = nullable ? ["NULL"] : [];
  if (parents !== null) return [...parents.slice(0, 4), ...none];
  const said = conditions.map(constantsOf);
  const constants = said.flatMap(({ texts }) => texts.flatMap((text) => values.constant(text) ?? []));
  const sized = said.flatMap(({ lengths }) => lengths.flatMap((length) => values.ofLength(length)));
  const ordinary = Array.from({ length: 4 }, (_, n) => values.ordinary(n));
  const all = [...ordinary.slice(0, 2), ...none, ...constants, ...sized, ...ordinary, ...values.pool];
  return [...new Set(all)].slice(0, candidatesPerColumn);
}

/** All combinations where these are few, otherwise some of each: the same in every run. */
export function combine(lists: readonly (readonly Expression[])[]): readonly (readonly Expression[])[] {
  const size = lists.reduce((product, list) => product * list.length, 1);
  if (size === 0) return [];
  if (size <= combinations) {
    return lists.reduce<readonly (readonly Expression[])[]>(
      (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
      [[]],
    );
  }
  let state = 1;
  const pick = (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return Array.from({ length: combinations }, () => lists.map((list) => list[pick(list.length)] ?? "NULL"));
}
