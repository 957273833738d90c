import { createHash } from "node:crypto";
import type { Connection } from "../dialect/connection.js";
import type { TestTemplate } from "../dialect/test-databases.js";
import { migrate } from "../run/migrate.js";
import type { Project } from "../run/project.js";
import { version } from "../run/tool-version.js";

/** Eight hexadecimal digits of some texts. */
function digest(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 8);
}

/** The template of a project: a database at all heads, with what repeatable revisions make. */
export function templateOf(project: Project): TestTemplate {
  const { config, revisions, repeatables } = project;
  return {
    project: digest([config.file]),
    config: config.file,
    hash: digest([
      version,
      JSON.stringify([project.dialect.name, config.versionTable, config.runLogTable, project.arguments]),
      ...[...revisions, ...repeatables].map(({ id, checksum }) => `${id} ${checksum}`).sort(),
    ]),
    build: (connection) => upgradeToHeads(project, connection),
  };
}

/** Brings an empty database to all heads, as `aludel upgrade heads` does. */
export async function upgradeToHeads(project: Project, connection: Connection): Promise<void> {
  await migrate(project, connection, {
    command: "upgrade",
    targets: ["heads"],
    transaction: "each",
    lockTimeoutMs: 60_000,
    allowEdited: false,
    signal: new AbortController().signal,
    report: () => undefined,
  });
}
