import type { Analyse } from "../effect/statement.js";
import { AludelError } from "../error/error.js";
import type { DialectName } from "../schema/name.js";
import type { BackupDialect } from "./backups.js";
import type { Dialect } from "./dialect.js";
import type { DumpDialect } from "./dumps.js";
import type { RowDialect } from "./rows.js";
import type { TestDialect } from "./test-databases.js";

/** The engines, by name: the URLs they answer to, and how they are loaded when needed. */
export const dialects: Readonly<
  Record<
    DialectName,
    {
      readonly schemes: readonly string[];
      /** What logs and spans call it: `db.system.name` of OpenTelemetry. */
      readonly systemName: string;
      /** Whether it has `Dialect.expand`. */
      readonly expands: boolean;
      readonly load: () => Promise<Dialect>;
      readonly loadRows: () => Promise<RowDialect>;
      /** What `Dialect.analyse` is, without the rest of the engine. */
      readonly loadAnalyse: () => Promise<Analyse>;
      /** What `Dialect.splitScript` is. */
      readonly loadSplitScript: () => Promise<Dialect["splitScript"]>;
      readonly loadTests: () => Promise<TestDialect>;
      readonly loadDumps: () => Promise<DumpDialect>;
      readonly loadBackups: () => Promise<BackupDialect>;
      readonly loadNarrowing: () => Promise<Dialect["narrowing"]>;
    }
  >
> = {
  postgres: {
    schemes: ["postgres", "postgresql", "pglite"],
    systemName: "postgresql",
    expands: true,
    load: async () => (await import("./postgres/postgres.js")).postgres,
    loadRows: async () => (await import("./postgres/rows/rows.js")).rows,
    loadAnalyse: async () => (await import("./postgres/effect/analyse.js")).analysePostgres,
    loadSplitScript: async () => (await import("./postgres/split.js")).splitPostgresScript,
    loadTests: async () => (await import("./postgres/test-database/test-database.js")).tests,
    loadDumps: async () => (await import("./postgres/dump/restore.js")).dumps,
    loadBackups: async () => (await import("./postgres/backup/backups.js")).backups,
    loadNarrowing: async () => (await import("./postgres/narrowing.js")).narrowing,
  },
  sqlite: {
    schemes: ["sqlite", "file"],
    systemName: "sqlite",
    expands: false,
    load: async () => (await import("./sqlite/sqlite.js")).sqlite,
    loadRows: async () => (await import("./sqlite/rows.js")).rows,
    loadAnalyse: async () => (await import("./sqlite/effect/analyse.js")).analyseSqlite,
    loadSplitScript: async () => {
      const { splitStatements } = await import("./sqlite/split.js");
      return async (script) => splitStatements(script);
    },
    loadTests: async () => (await import("./sqlite/test-database.js")).tests,
    loadDumps: async () => (await import("./sqlite/dump.js")).dumps,
    loadBackups: async () => (await import("./sqlite/backups.js")).backups,
    loadNarrowing: async () => (await import("./sqlite/narrowing.js")).narrowing,
  },
};

/** The engine that a database URL belongs to. @throws AludelError `url-invalid`. */
export function dialectOfUrl(url: string): DialectName {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  for (const [name, { schemes }] of Object.entries(dialects) as [
    DialectName,
    { schemes: readonly string[] },
  ][]) {
    if (scheme !== undefined && schemes.includes(scheme)) return name;
  }
  const known = Object.values(dialects).flatMap(({ schemes }) => schemes.map((one) => `${one}:`));
  throw new AludelError(
    "url-invalid",
    scheme ? `No engine answers to "${scheme}:"` : "The database URL has no scheme",
    {
      remedy: `Start the URL with one of ${known.join(", ")}.`,
    },
  );
}

/** Loads an engine's code; the rest of Aludel never imports one directly. */
export function loadDialect(name: DialectName): Promise<Dialect> {
  return dialects[name].load();
}

/** Loads what an engine knows about rows. */
export function loadRowDialect(name: DialectName): Promise<RowDialect> {
  return dialects[name].loadRows();
}

/** Loads what says of statements what they lock and do. */
export function loadAnalyse(name: DialectName): Promise<Analyse> {
  return dialects[name].loadAnalyse();
}

/** Loads what divides a script into its statements. */
export function loadSplitScript(name: DialectName): Promise<Dialect["splitScript"]> {
  return dialects[name].loadSplitScript();
}

/** Loads what makes databases for the tests of applications. */
export function loadTestDialect(name: DialectName): Promise<TestDialect> {
  return dialects[name].loadTests();
}

/** Loads what makes databases of dumps. */
export function loadDumpDialect(name: DialectName): Promise<DumpDialect> {
  return dialects[name].loadDumps();
}

/** Loads what backs databases up, and restores them. */
export function loadBackupDialect(name: DialectName): Promise<BackupDialect> {
  return dialects[name].loadBackups();
}

/** Loads what says of a change of type which values it refuses. */
export function loadNarrowing(name: DialectName): Promise<Dialect["narrowing"]> {
  return dialects[name].loadNarrowing();
}
