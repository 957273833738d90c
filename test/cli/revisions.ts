/** Revision files for a folder: a → b → { c [label one], d [label two, depends on c] }, and a configuration. */
export const branched: Readonly<Record<string, string>> = {
  "aludel.config.json": '{ "dialect": "sqlite", "environments": { "dev": "sqlite:dev.db" } }',
  "revisions/1_a.ts": revision("aaaa", null, "first"),
  "revisions/2_b.ts": revision("bbbb", "aaaa", "second, naïve ü"),
  "revisions/3_c.ts": revision("cccc", "bbbb", "third", 'labels: ["one"],'),
  "revisions/4_d.ts": revision("dddd", "bbbb", "fourth", 'labels: ["two"], dependsOn: ["cccc"],'),
};

/** A chain: a → b. */
export const linear: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(branched).filter(([name]) => !/[34]_/.test(name)),
);

function revision(id: string, revises: string | null, message: string, more = ""): string {
  return `/**
 * ${message}
 *
 * Revision: ${id}
 * Revises: ${revises ?? "<base>"}
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "${id}",
  revises: ${JSON.stringify(revises)},
  ${more}
  async upgrade(op) {
    throw new Error("reading the graph runs no revision");
  },
  async downgrade(op) {},
});
`;
}
