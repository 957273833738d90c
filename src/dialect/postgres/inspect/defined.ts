import { definedKey } from "../../../schema/address.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import { type Defined, type DefinedKind, definedKinds } from "../../../schema/schema.js";
import type { Scope } from "../../dialect.js";
import { presence, sourceQuery } from "./defined-source.js";
import { typeSources } from "./defined-types.js";
import { foreignSources } from "./foreign.js";
import { languageSources } from "./languages.js";
import { operatorSources } from "./operators.js";
import { publicationSources } from "./publications.js";
import { nameIn, type Reading, rowsOf } from "./reading.js";
import { reprintable } from "./reprintable/reprintable.js";
import { routineSources } from "./routines.js";
import { statisticsSources } from "./statistics.js";
import { textSearchSources } from "./text-search.js";
import { triggerSources, withoutDefaultNamespace } from "./triggers.js";

interface DefinedRow {
  readonly kind: DefinedKind;
  readonly catalog: string;
  readonly oid: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Its name alone would mean another one. */
  readonly hidden: boolean;
  readonly tableNamespace: string | null;
  readonly tableName: string | null;
  readonly signature: string;
  readonly definition: string;
  readonly settings: readonly string[];
  readonly comment: string | null;
}

/** A defined object with its place in the catalogue. */
export interface FoundDefined {
  /** `pg_proc 16412`. */
  readonly place: string;
  readonly object: Defined;
}

/**
 * The objects in scope that are known by their statement. The first query asks which kinds there are at all, the
 * second reads those, so that a database without any pays for one question.
 */
export async function readDefined(reading: Reading, scope: Scope): Promise<readonly FoundDefined[]> {
  const sources = allSources(reading);
  const asked = sources.map((source) => presence(source)).join(",\n  ");
  const [answer] = await rowsOf<{ readonly present: readonly boolean[] }>(
    reading.connection,
    `SELECT ARRAY[${asked}] AS present`,
  );
  const present = sources.filter((_, place) => answer?.present[place] === true);
  if (present.length === 0) return [];
  const rows = await rowsOf<DefinedRow>(reading.connection, present.map(sourceQuery).join("\nUNION ALL\n"));
  return rows
    .map((row) => ({ place: `${row.catalog} ${row.oid}`, object: definedOf(reading, row) }))
    .filter(
      ({ object: { table } }) => table === null || !scope.ignoreTables.some((one) => sameName(one, table)),
    )
    .sort((a, b) => byKind(a.object, b.object));
}

function allSources(reading: Reading) {
  return [
    routineSources,
    triggerSources,
    typeSources,
    operatorSources,
    languageSources,
    textSearchSources,
    foreignSources,
    statisticsSources,
    publicationSources,
  ].flatMap((sources) => sources(reading));
}

function nameOf(reading: Reading, { namespace, name, hidden }: DefinedRow): ObjectName {
  if (namespace === null) return { namespace: null, name };
  const place = hidden ? reading.namespaces.get(namespace)?.name : undefined;
  return place === undefined ? nameIn(reading, namespace, name) : { namespace: place, name };
}

function definedOf(reading: Reading, row: DefinedRow): Defined {
  const { kind, tableNamespace, tableName, signature, settings, comment } = row;
  const definition = reprintable(row.definition);
  const ofTable = kind === "trigger" || kind === "rule";
  return {
    kind,
    ...nameOf(reading, row),
    table: tableNamespace === null || tableName === null ? null : nameIn(reading, tableNamespace, tableName),
    signature,
    definition: ofTable ? withoutDefaultNamespace(definition, kind, reading) : definition,
    settings,
    comment,
  };
}

const places = new Map(definedKinds.map((kind, place) => [kind, place]));

/** By kind, then by table and name: the same in every database. */
function byKind(a: Defined, b: Defined): number {
  const kind = (places.get(a.kind) ?? 0) - (places.get(b.kind) ?? 0);
  if (kind !== 0) return kind;
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey(object: Defined): string {
  return `${object.table === null ? "" : nameKey(object.table)}\0${object.namespace ?? ""}\0${object.name}\0${definedKey(object)}`;
}
