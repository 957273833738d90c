import { existsSync } from "node:fs";
import type { Connection } from "../../connection.js";
import { thisOwner } from "../../owner.js";
import type { FoundDatabase, TestTemplate } from "../../test-databases.js";
import { quoteIdentifier } from "../quote.js";
import { isLeftover, parseComment, parseTestName, type TestComment, type TestName } from "./names.js";

/**
 * Classes of advisory locks of two numbers (manual, "Advisory Locks"): the first number says what is meant, the second which
 * one. They end with the session, however that ends.
 */
export const lockClass = {
  owner: 0x616c_6401,
  template: 0x616c_6402,
  build: 0x616c_6403,
  drop: 0x616c_6404,
} as const;

/** Eight hexadecimal digits as the number of a lock. */
export function lockNumber(hexadecimal: string): number {
  return Number.parseInt(hexadecimal, 16) | 0;
}

/** A database of ours. */
export interface ServerDatabase {
  readonly name: string;
  readonly parsed: TestName;
  readonly comment: TestComment;
  /** A session says that its owner, or somebody who copies it, is there. */
  readonly isHeld: boolean;
  readonly isTemplate: boolean;
  readonly bytes: number | null;
}

// Locks are shown with the numbers as they are without a sign.
const query = `SELECT d.datname::text AS name, d.datistemplate AS is_template,
  pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
  CASE WHEN $1 THEN pg_catalog.pg_database_size(d.oid)::float8 END AS bytes
FROM pg_catalog.pg_database AS d
WHERE d.datname LIKE 'aludel\\_t%' AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
ORDER BY d.datname`;
const heldQuery = `SELECT classid::int8::float8 AS class, objid::int8::float8 AS number FROM pg_catalog.pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND granted`;

/** All databases on a server that were made for tests and that this user may drop. */
export async function findDatabases(
  admin: Connection,
  withSize: boolean,
): Promise<readonly ServerDatabase[]> {
  const locks = await admin.query(heldQuery);
  const held = new Set(locks.map((row) => `${Number(row["class"])} ${Number(row["number"])}`));
  const isHeldLock = (kind: keyof typeof lockClass, hexadecimal: string) =>
    held.has(`${lockClass[kind]} ${lockNumber(hexadecimal) >>> 0}`);
  const isHeldBy = (parsed: TestName) => {
    if (parsed.kind === "test") return isHeldLock("owner", parsed.instance);
    if (parsed.kind === "kept") return false;
    return isHeldLock("template", parsed.hash) || isHeldLock("build", parsed.hash);
  };
  const rows = await admin.query(query, [withSize]);
  return rows.flatMap((row): readonly ServerDatabase[] => {
    const name = String(row["name"]);
    const parsed = parseTestName(name);
    if (parsed === null) return [];
    return [
      {
        name,
        parsed,
        comment: parseComment(row["comment"]),
        isHeld: isHeldBy(parsed),
        isTemplate: row["is_template"] === true,
        bytes: row["bytes"] === null ? null : Number(row["bytes"]),
      },
    ];
  });
}

async function dropOne(admin: Connection, name: string, isTemplate: boolean): Promise<void> {
  const quoted = quoteIdentifier(name);
  if (isTemplate) await admin.run(`ALTER DATABASE ${quoted} WITH IS_TEMPLATE false`);
  await admin.run(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
}

/**
 * Drops databases, whoever is connected to them. One process at a time: who alters a database that another one is dropping
 * loses the session over it. What could not be dropped is told by its error.
 */
export async function dropDatabases(
  admin: Connection,
  choose: (found: readonly ServerDatabase[]) => readonly ServerDatabase[],
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  await admin.query("SELECT pg_catalog.pg_advisory_lock($1, 0)", [lockClass.drop]);
  try {
    for (const { name, isTemplate } of choose(await findDatabases(admin, false))) {
      await dropOne(admin, name, isTemplate).catch((thrown: unknown) => failures.push(thrown));
    }
    return failures;
  } finally {
    await admin.query("SELECT pg_catalog.pg_advisory_unlock($1, 0)", [lockClass.drop]).catch(() => {});
  }
}

/**
 * Drops what processes of this machine have left that are no more, and templates that nobody can use again: of this project
 * with other revisions, and of projects that are gone from this machine.
 */
export async function sweepServer(admin: Connection, template: TestTemplate): Promise<void> {
  const isSwept = (one: ServerDatabase) =>
    isLeftover(one.parsed, one.comment, one.isHeld) || isStale(one, template);
  if (!(await findDatabases(admin, false)).some(isSwept)) return;
  // What cannot be dropped must not keep tests from running.
  await dropDatabases(admin, (found) => found.filter(isSwept));
}

function isStale({ parsed, comment, isHeld }: ServerDatabase, template: TestTemplate): boolean {
  if (parsed.kind !== "template" && parsed.kind !== "spare") return false;
  if (isHeld || comment.host !== thisOwner.host) return false;
  if (parsed.project === template.project) return parsed.hash !== template.hash;
  return comment.config !== undefined && !existsSync(comment.config);
}

/** What is told of a database. */
export function showFound(one: ServerDatabase, urlOf: (name: string) => string): FoundDatabase {
  const { name, parsed, comment, isHeld, bytes } = one;
  const isTest = parsed.kind === "test" || parsed.kind === "kept";
  return {
    name,
    kind: parsed.kind === "kept" ? "test" : parsed.kind,
    owner: ownerState(parsed, comment, isHeld),
    pid: parsed.kind === "test" ? parsed.pid : null,
    url: isTest ? urlOf(name) : null,
    bytes,
    madeAt: comment.madeAt ?? null,
  };
}

function ownerState(parsed: TestName, comment: TestComment, isHeld: boolean): FoundDatabase["owner"] {
  if (parsed.kind !== "test" && isHeld) return "running";
  if (parsed.kind !== "test") return comment.host === thisOwner.host ? "kept" : "elsewhere";
  if (isHeld) return "running";
  if (isLeftover(parsed, comment, isHeld)) return "gone";
  return parsed.host === thisOwner.host ? "running" : "elsewhere";
}
