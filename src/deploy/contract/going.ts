import type { Connection } from "../../dialect/connection.js";
import type { Going, Reads } from "../../dialect/reads.js";
import type { Act } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import { readState } from "../../run/state-table.js";
import { type ObjectName, showName } from "../../schema/name.js";

/** Something that a revision would take away, and how often it is read. */
export interface GoingRead {
  readonly revision: Revision["id"];
  readonly going: Going;
  readonly reads: Reads;
  /** It was counted from the last deploy, or from the last time that a version was confirmed: not from who knows when. */
  readonly isRecent: boolean;
}

export function actsOf(statements: readonly AnalysedStatement[]): readonly Act[] {
  return statements.flatMap((one) => [...one.acts, ...one.inner.flatMap((inner) => inner.acts)]);
}

/** What statements take away and others may be reading. */
export function goingIn(statements: readonly AnalysedStatement[]): readonly Going[] {
  return actsOf(statements).flatMap((act): readonly Going[] => {
    if (act.kind === "drop-column") return [{ kind: "column", table: act.table, column: act.column }];
    if (act.kind !== "drop") return [];
    if (act.object === "table") return act.names.map((table) => ({ kind: "table", table }));
    return act.object === "index" ? act.names.map((index) => ({ kind: "index", index })) : [];
  });
}

/** How often what would go is read, as far as the server counts; nothing where it does not. */
export async function readsOfGoing(
  { dialect, config }: Project,
  connection: Connection,
  revisions: readonly {
    readonly revision: Pick<Revision, "id">;
    readonly statements: readonly AnalysedStatement[];
  }[],
): Promise<readonly GoingRead[]> {
  const { reads } = dialect;
  const all = revisions.flatMap(({ revision, statements }) =>
    goingIn(statements).map((going) => ({ revision: revision.id, going })),
  );
  if (reads === undefined || all.length === 0) return [];
  const kept = (await readState(dialect, connection, config.stateTable, "reads")).get("counters");
  const before = kept?.value == null ? null : { counters: kept.value, at: kept.at };
  const found = await reads.of(
    connection,
    all.map(({ going }) => going),
    before,
  );
  return all.flatMap((one, at) => {
    const counted = found[at];
    if (counted == null) return [];
    return [
      {
        ...one,
        reads: counted,
        isRecent: before !== null && counted.since?.getTime() === before.at.getTime(),
      },
    ];
  });
}

/** `table public.persons_old was read 12 times since …, last …`. */
export function showReads({ reads: { times, told, since, last } }: GoingRead): string {
  if (times === null) return told;
  const from = since === null ? "since the server has begun to count" : `since ${since.toISOString()}`;
  if (times === 0) return `${told}: not read ${from}`;
  const ended = last === null ? "" : `, the last time ${last.toISOString()}`;
  return `${told}: read ${times === 1 ? "once" : `${times} times`} ${from}${ended}`;
}

/** The same table, as far as names tell: one without a schema may be any. */
export function mayBeSame(a: ObjectName, b: ObjectName): boolean {
  return a.name === b.name && (a.namespace === null || b.namespace === null || showName(a) === showName(b));
}
