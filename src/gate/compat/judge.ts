import type { Dialect } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import type { Schema } from "../../schema/schema.js";
import { changedResult } from "./changed-result.js";
import { type Insertion, insertionsOf, leftOut } from "./left-out.js";
import { namesAbout } from "./place.js";
import { type Query, textKey } from "./query.js";
import type { Said } from "./said.js";
import type { Answer, Stage } from "./stages.js";

/** What the sides of a change ask. */
export interface Sides {
  /** Of the code that is deployed. */
  readonly deployed: readonly Query[];
  /** Of the change alone. */
  readonly fresh: readonly Query[];
}

export interface Judged {
  readonly said: readonly Said[];
  readonly database: string;
}

/**
 * Tries the queries at every stage. One of the deployed code has to prepare at all of them, and to give the same; one of
 * the change at the last.
 */
export async function judge(
  stages: AsyncIterable<Stage>,
  { deployed, fresh }: Sides,
  dialect: Dialect,
): Promise<Judged> {
  const said: Said[] = [];
  const insertions = await insertionsOf(deployed, dialect);
  let alive: readonly Query[] = deployed;
  let waiting: readonly Query[] = fresh;
  let before: ReadonlyMap<string, Answer> = new Map();
  let schema: Schema | null = null;
  let last: Stage | null = null;
  let refused: ReadonlyMap<string, Answer> = new Map();
  for await (const stage of stages) {
    const { revision } = stage;
    const answers = await stage.ask([...alive, ...fresh]);
    for (const query of alive) {
      const told = ofDeployed(query, before.get(textKey(query)), answers.get(textKey(query)), revision);
      if (told !== null) said.push(told);
    }
    for (const query of waiting) {
      if (revision === null || isRefused(answers.get(textKey(query)))) continue;
      said.push({ ...plain(query, revision), code: "query-needs-revision", severity: "info" });
    }
    alive = alive.filter((query) => !isRefused(answers.get(textKey(query))));
    waiting = waiting.filter((query) => isRefused(answers.get(textKey(query))));
    if (insertions.size > 0) {
      const now = await stage.inspect();
      if (schema !== null && revision !== null)
        said.push(...incomplete({ alive, insertions, revision, dialect }, schema, now));
      schema = now;
    }
    [before, refused, last] = [answers, answers, stage];
  }
  for (const query of fresh) {
    const answer = refused.get(textKey(query));
    if (answer instanceof AludelError)
      said.push({ ...plain(query, null), code: "query-invalid", severity: "error", reason: answer.message });
  }
  return { said, database: last?.database ?? "" };
}

const isRefused = (answer: Answer | undefined) => answer instanceof AludelError;

function plain(query: Query, revision: Revision | null) {
  return { query, revision, reason: "", names: [] } as const;
}

function ofDeployed(
  query: Query,
  before: Answer | undefined,
  now: Answer | undefined,
  revision: Revision | null,
): Said | null {
  if (now instanceof AludelError) {
    const reason = now.message;
    if (revision === null)
      return { ...plain(query, null), code: "query-broken-already", severity: "warning", reason };
    const names = namesAbout(reason, query.sql);
    return { query, revision, code: "query-broken", severity: "error", reason, names };
  }
  if (revision === null || now === undefined || before === undefined || before instanceof AludelError)
    return null;
  const change = changedResult(before, now);
  return change === null ? null : { query, revision, ...change };
}

interface Inserting {
  readonly alive: readonly Query[];
  readonly insertions: ReadonlyMap<string, Insertion>;
  readonly revision: Revision;
  readonly dialect: Dialect;
}

function incomplete(
  { alive, insertions, revision, dialect }: Inserting,
  before: Schema,
  now: Schema,
): readonly Said[] {
  return alive.flatMap((query) => {
    const insertion = insertions.get(textKey(query));
    if (insertion === undefined) return [];
    return leftOut(insertion, before, now, dialect).map(({ column, table, hasTrigger }): Said => {
      const unless = hasTrigger ? ", unless a trigger fills it" : "";
      return {
        query,
        revision,
        code: "insert-incomplete",
        severity: hasTrigger ? "warning" : "error",
        reason: `it leaves out ${table}.${column}, which is NOT NULL without a default${unless}`,
        names: [column, table],
      };
    });
  });
}
