import type { DialectName, ObjectName } from "../schema/name.js";
import type { SourceName } from "../source/source.js";

export interface Environment {
  readonly name: string;
  /** With its password; never printed. */
  readonly url: string;
}

/** The configuration, complete and validated: every path absolute, every default filled in. */
export interface Config {
  /** The folder of the configuration file; relative paths in it start here. */
  readonly root: string;
  /** The file it came from. */
  readonly file: string;
  /** Files and globs of the models, absolute, as configured and not yet expanded. */
  readonly schema: readonly string[];
  /** `null`: found out from the files. */
  readonly source: SourceName | null;
  /** `null`: from the URL in use, or from the models. */
  readonly dialect: DialectName | null;
  /** The folder of the revision files. */
  readonly revisions: string;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly defaultEnvironment: string | null;
  /** Template of a new revision's file name, without its ending: `{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}`, also `{id}`. */
  readonly fileName: string;
  readonly versionTable: ObjectName;
  readonly runLogTable: ObjectName;
  /** URL of a server (or `pglite:`) that may be given scratch databases; `null` leaves it to the dialect. */
  readonly scratch: string | null;
  /** Commands that are run on a revision file after it is written; `{file}` stands for its path. */
  readonly postWrite: readonly string[];
}
