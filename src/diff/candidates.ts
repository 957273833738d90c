import { sameFamily } from "../op/type-change.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, sameName } from "../schema/name.js";
import type { Column, Enum, ForeignKey, Sequence, Table } from "../schema/schema.js";
import type { Place, RenameCandidate } from "./contract.js";
import { samePlaceAmongTables } from "./family/partition-fixed.js";
import { formatPlace, placeKey, shellWord } from "./place.js";
import { similarity } from "./similarity.js";
import { difference, type Pair, pairObjects, typePairs } from "./type-pairs.js";
import { sameQuery } from "./view.js";
import { keptTables, type Work } from "./work.js";

/** How many of one dropped thing's likenesses are worth a question. */
const mostPerDrop = 3;

/**
 * Columns: a pair must be of one type family, agree in being generated, and not point at two tables. Then the type,
 * the name, the place, nullability, default and the part in the primary key count. A pair of exactly one type and
 * nullability is asked about even when nothing else is alike, because to be wrong there is to lose data; one that is
 * only akin (integer and bigint) needs a likeness in name or place.
 */
const columnThreshold = 0.45;
const columnWeights = {
  type: 0.4,
  family: 0.2,
  name: 0.3,
  place: 0.15,
  nullable: 0.05,
  default: 0.05,
  key: 0.05,
};

function targetOf(table: Table, column: string): ForeignKey | undefined {
  for (const one of table.constraints) {
    if (one.kind === "foreign-key" && one.columns.includes(column)) return one;
  }
  return undefined;
}

function inPrimaryKey(table: Table, column: string): boolean {
  return table.constraints.some((one) => one.kind === "primary-key" && one.columns.includes(column));
}

/** The same position, or the same neighbour before it. */
function samePlace(from: Table, to: Table, a: Column, b: Column): boolean {
  const [left, right] = [from.columns.indexOf(a), to.columns.indexOf(b)];
  if (left === right) return true;
  const before = from.columns[left - 1]?.name;
  return before !== undefined && before === to.columns[right - 1]?.name;
}

function scoreColumns(from: Table, to: Table, a: Column, b: Column): number {
  if (!sameFamily(a.type, b.type) || (a.generated === null) !== (b.generated === null)) return 0;
  const [left, right] = [targetOf(from, a.name), targetOf(to, b.name)];
  if (left && right && !sameName(left.references.table, right.references.table)) return 0;
  const weights = columnWeights;
  let score = sameData(a.type, b.type) ? weights.type : weights.family;
  score += weights.name * similarity(a.name, b.name);
  if (samePlace(from, to, a, b)) score += weights.place;
  if (a.nullable === b.nullable) score += weights.nullable;
  if (a.default === b.default) score += weights.default;
  if (inPrimaryKey(from, a.name) === inPrimaryKey(to, b.name)) score += weights.key;
  return score;
}

/**
 * Tables: the share of columns (by name and type) that two tables have in common. Half of them is enough; three in
 * ten are when the names are alike; and alike names with the same list of types are as well.
 */
const tableThresholds = { alone: 0.5, withName: 0.3, name: 0.5 };

function signature(column: Column): string {
  return JSON.stringify([column.name, column.type.namespace, column.type.name, column.type.dimensions]);
}

/** Candidates that have enough columns in common; found over the columns, not by trying all pairs in full. */
function* tablePairs(dropped: readonly Table[], added: readonly Table[]): Generator<[Table, Table, number]> {
  const having = new Map<string, Table[]>();
  for (const table of dropped) {
    for (const column of table.columns) {
      const tables = having.get(signature(column));
      if (tables === undefined) having.set(signature(column), [table]);
      else tables.push(table);
    }
  }
  for (const table of added) {
    const shared = new Map<Table, number>();
    for (const column of table.columns) {
      for (const other of having.get(signature(column)) ?? []) {
        shared.set(other, (shared.get(other) ?? 0) + 1);
      }
    }
    for (const [other, count] of shared) {
      yield [other, table, count / (other.columns.length + table.columns.length - count)];
    }
  }
}

function scoreTables(a: Table, b: Table, share: number, options: Work["options"]): number {
  if (!samePlaceAmongTables(a, b, options)) return 0;
  // The same in another namespace has moved there; nothing else says that tables of two namespaces are one.
  if (a.namespace !== b.namespace) return a.name === b.name && share >= tableThresholds.alone ? share : 0;
  const name = similarity(a.name, b.name);
  const enough =
    share >= tableThresholds.alone || (share >= tableThresholds.withName && name >= tableThresholds.name);
  return enough ? 0.7 * share + 0.3 * name : 0;
}

/** Half of the values in common, or the same number of values under a like name. */
function scoreEnums(a: Enum, b: Enum): number {
  const common = a.values.filter((value) => b.values.includes(value)).length;
  const share = common / (a.values.length + b.values.length - common || 1);
  const name = similarity(a.name, b.name);
  return share >= 0.5 || (share > 0 && name >= 0.5) ? 0.7 * share + 0.3 * name : 0;
}

/** Values in the same place, or with like names. */
function scoreValues(from: Enum, to: Enum, a: string, b: string): number {
  const place = from.values.indexOf(a) === to.values.indexOf(b) ? 0.4 : 0;
  const name = similarity(a, b);
  return place > 0 || name >= 0.4 ? 0.2 + place + 0.4 * name : 0;
}

/** The same options, and the same owner or a like name. */
function scoreSequences(a: Sequence, b: Sequence): number {
  if (!sameData(a.type, b.type)) return 0;
  const owner = a.ownedBy !== null && sameData(a.ownedBy, b.ownedBy);
  const name = similarity(a.name, b.name);
  if (!owner && name < 0.4) return 0;
  return (sameData(a.options, b.options) ? 0.4 : 0.1) + (owner ? 0.3 : 0) + 0.3 * name;
}

function objectPairs({ from, to, options }: Work): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [a, b, share] of tablePairs(
    difference(from.tables, to.tables),
    difference(to.tables, from.tables),
  )) {
    const place = (object: Table): Place => ({ kind: "table", object: nameOf(object), member: null });
    const score = scoreTables(a, b, share, options);
    if (score > 0) pairs.push({ from: place(a), to: place(b), score });
  }
  return [
    ...pairs,
    ...pairObjects("enum", from.enums, to.enums, scoreEnums),
    ...pairObjects("sequence", from.sequences, to.sequences, scoreSequences),
  ];
}

function viewPairs(work: Work): readonly Pair[] {
  return pairObjects("view", work.from.views, work.to.views, (a, b) => (sameQuery(work, a, b) ? 1 : 0));
}

function columnPairs(work: Work): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const { from, to } of keptTables(work)) {
    // A column that went must have been touched.
    if (!work.touched.has(nameKey(to))) continue;
    const now = new Set(to.columns.map((column) => column.name));
    const dropped = from.columns.filter((column) => !now.has(column.name));
    if (dropped.length === 0) continue;
    const old = new Set(from.columns.map((column) => column.name));
    const added = to.columns.filter((column) => !old.has(column.name));
    for (const a of dropped) {
      for (const b of added) {
        const score = scoreColumns(from, to, a, b);
        if (score < columnThreshold) continue;
        const place = (member: string): Place => ({ kind: "column", object: to, member });
        pairs.push({ from: place(a.name), to: place(b.name), score });
      }
    }
  }
  return pairs;
}

function valuePairs(work: Work): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [key, to] of work.to.enums) {
    const from = work.from.enums.get(key);
    if (from === undefined || from.values === to.values) continue;
    const added = to.values.filter((value) => !from.values.includes(value));
    for (const a of from.values.filter((value) => !to.values.includes(value))) {
      for (const b of added) {
        const place = (member: string): Place => ({ kind: "enum-value", object: to, member });
        const score = scoreValues(from, to, a, b);
        if (score > 0) pairs.push({ from: place(a), to: place(b), score });
      }
    }
  }
  return pairs;
}

function candidate(pair: Pair, original: Place): RenameCandidate {
  const [from, to] = [formatPlace(original), formatPlace(pair.to)];
  const moves = original.object.namespace !== pair.to.object.namespace;
  return {
    kind: pair.from.kind,
    from,
    to,
    score: Math.round(Math.min(1, pair.score) * 100) / 100,
    question: `Was ${from} ${moves ? "moved" : "renamed"} to ${to}, or is it dropped?`,
    flags: [`--rename ${shellWord(`${from}:${to}`)}`, `--drop ${shellWord(from)}`],
    ...(moves && { moves }),
  };
}

/**
 * Drops and adds that look like renames and are not decided. `dropped` are the keys of places that a person has
 * said are really dropped; `original` gives the name that a place had before the renames already decided.
 */
export function findCandidates(
  work: Work,
  dropped: ReadonlySet<string>,
  original: (place: Place) => Place,
): readonly RenameCandidate[] {
  const pairs = [
    ...objectPairs(work),
    ...typePairs(work),
    ...viewPairs(work),
    ...columnPairs(work),
    ...valuePairs(work),
  ]
    .filter((pair) => !dropped.has(placeKey(pair.from)))
    .sort((a, b) => b.score - a.score);
  const counts = new Map<string, number>();
  return pairs
    .filter((pair) => {
      const key = placeKey(pair.from);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= mostPerDrop;
    })
    .map((pair) => candidate(pair, original(pair.from)));
}
