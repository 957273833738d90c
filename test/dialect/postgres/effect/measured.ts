import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LockMode } from "../../../../src/effect/lock.js";

/** A statement that was run on servers of these versions, what it locked and what it did. */
export interface Measured {
  readonly operation: string;
  readonly sql: string;
  readonly from: number;
  readonly to: number;
  /** `null` where the server refused it. */
  readonly locks: ReadonlyMap<string, LockMode> | null;
  readonly work: string;
}

const modes: Readonly<Record<string, LockMode>> = {
  AS: "ACCESS SHARE",
  RS: "ROW SHARE",
  RX: "ROW EXCLUSIVE",
  SUE: "SHARE UPDATE EXCLUSIVE",
  S: "SHARE",
  SRE: "SHARE ROW EXCLUSIVE",
  X: "EXCLUSIVE",
  AX: "ACCESS EXCLUSIVE",
};

function readLocks(text: string): Measured["locks"] {
  if (text === "ERROR") return null;
  if (text === "no table lock") return new Map();
  return new Map(
    text
      .replace(" (sampled)", "")
      .split(", ")
      .map((one) => {
        const [relation = "", mode = ""] = one.split(" ");
        return [relation, modes[mode] ?? "ACCESS SHARE"];
      }),
  );
}

export const fixture = readFileSync(join(import.meta.dirname, "fixture.sql"), "utf8");

/** What has to be there for one of the statements, beside the fixture. */
export const preparations: Readonly<Record<string, string>> = {
  "type-ts-tstz-nonutc": "SET timezone = 'Europe/Berlin'",
  "type-ts-tstz-utc": "SET timezone = 'UTC'",
  "type-tstz-ts-utc": "SET timezone = 'UTC'",
  "validate-not-null-constraint": "ALTER TABLE t ADD CONSTRAINT t_a_nn NOT NULL a NOT VALID",
  "drop-expression": "CREATE TABLE g (x int, z int GENERATED ALWAYS AS (x * 2) STORED)",
  "set-expression": "CREATE TABLE g (x int, z int GENERATED ALWAYS AS (x * 2) STORED)",
  "alter-policy": "CREATE POLICY p1 ON t USING (true)",
  "drop-policy": "CREATE POLICY p1 ON t USING (true)",
  "attach-index-partition": "CREATE INDEX i1 ON ONLY pt (k); CREATE INDEX i1p ON pt1 (k)",
  "alter-domain-validate": "ALTER DOMAIN dom_plain ADD CONSTRAINT dc CHECK (VALUE > 0) NOT VALID",
};

const [, ...lines] = readFileSync(join(import.meta.dirname, "measured.tsv"), "utf8")
  .trimEnd()
  .split("\n");

/** Measured on PostgreSQL 11 to 18: each statement in a transaction of its own, on the tables of the fixture. */
export const measured: readonly Measured[] = lines.map((line) => {
  const [operation = "", sql = "", versions = "", locks = "", work = ""] = line.split("\t");
  const [from = 0, to = from] = versions.split("-").map(Number);
  return { operation, sql, from, to, locks: readLocks(locks), work };
});

/** The names after a word in `work`: `rewrite t; FK check` has `t` after `rewrite`. */
export function worked(work: string, word: string): readonly string[] {
  const part = work.split("; ").find((one) => one.startsWith(word));
  return part === undefined
    ? []
    : part
        .slice(word.length)
        .trim()
        .split(",")
        .filter((name) => name !== "")
        .sort();
}
