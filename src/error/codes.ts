/**
 * Every error that Aludel can report: its stable code, the exit code of the command it ends, and a title for
 * docs/errors.md. Exit 1: the answer is no · 2: there is no answer (usage, configuration, connection, failed SQL).
 */
export const codes = {
  // usage and configuration
  usage: { exit: 2, title: "The command line could not be understood" },
  "config-not-found": { exit: 2, title: "No configuration file was found" },
  "config-invalid": { exit: 2, title: "The configuration has mistakes" },
  "config-unloadable": { exit: 2, title: "The configuration file could not be loaded" },
  "environment-unknown": { exit: 2, title: "The environment is not in the configuration" },
  "environment-variable-missing": {
    exit: 2,
    title: "A value comes from an environment variable that is not set",
  },
  "url-invalid": { exit: 2, title: "The database URL could not be understood" },
  "file-exists": { exit: 2, title: "A file is in the way" },
  "file-unwritable": { exit: 2, title: "A file could not be written" },
  "file-unreadable": { exit: 2, title: "A file could not be read" },
  "post-write-failed": { exit: 2, title: "A command of postWrite failed" },
  "question-unanswered": { exit: 1, title: "A question needs an answer and there is nobody to ask" },
  "dependency-missing": { exit: 2, title: "A package that this needs is not installed" },
  "dialect-mismatch": { exit: 2, title: "Models, revisions and database do not speak of the same engine" },
  // models
  "models-not-found": { exit: 2, title: "No file matches the models' pattern" },
  "models-empty": { exit: 2, title: "The models' files have no models" },
  "models-unloadable": { exit: 2, title: "The models could not be loaded" },
  "models-unreadable": { exit: 2, title: "The models have something that cannot be read" },
  "models-invalid": { exit: 2, title: "The models contradict themselves" },
  // revisions
  "revision-unreadable": { exit: 2, title: "A revision file could not be read" },
  "revision-invalid": { exit: 2, title: "A revision does something it must not" },
  "revision-duplicate": { exit: 2, title: "Two revisions have one id" },
  "revision-parent-missing": { exit: 2, title: "A revision names a parent that does not exist" },
  "revision-cycle": { exit: 2, title: "The revisions go round in a circle" },
  "revision-unknown": { exit: 2, title: "There is no such revision" },
  "revision-ambiguous": { exit: 2, title: "The target fits more than one revision" },
  "target-invalid": { exit: 2, title: "The target could not be understood" },
  "target-unreachable": { exit: 2, title: "The target cannot be reached from here" },
  "multiple-heads": { exit: 2, title: "There is more than one head" },
  "history-linear": { exit: 2, title: "The configuration wants the revisions in one line" },
  "label-duplicate": { exit: 2, title: "Two revisions have one label" },
  "op-impossible": { exit: 2, title: "An op contradicts the schema it is applied to" },
  "op-unsupported": { exit: 2, title: "The engine cannot do this" },
  "partitioning-fixed": { exit: 1, title: "A table cannot become another kind of table in place" },
  irreversible: { exit: 2, title: "The revision cannot be downgraded" },
  // databases
  "connection-failed": { exit: 2, title: "The database could not be reached" },
  "authentication-failed": { exit: 2, title: "The database refused the user or the password" },
  "connection-lost": { exit: 2, title: "The connection to the database was lost" },
  "database-not-found": { exit: 2, title: "The database does not exist" },
  "database-unwritable": { exit: 2, title: "The database cannot be written" },
  "schema-unreadable": { exit: 2, title: "The database's schema has something that cannot be read" },
  "permission-denied": { exit: 2, title: "The database user may not do this" },
  "server-unsupported": { exit: 2, title: "The server's version is not supported" },
  "sql-failed": { exit: 2, title: "A statement failed" },
  "lock-timeout": { exit: 2, title: "Another process holds the lock" },
  "scratch-unavailable": { exit: 2, title: "There is no scratch database" },
  // running
  "upgrade-failed": { exit: 2, title: "A revision failed" },
  interrupted: { exit: 2, title: "The run was interrupted" },
  "database-unversioned": { exit: 2, title: "The database has tables but no version table" },
  "database-revision-unknown": { exit: 2, title: "The database is at a revision that the files do not have" },
  "version-table-invalid": { exit: 2, title: "The version table holds what no run could have written" },
  "revision-edited": { exit: 2, title: "A revision was edited after it was applied" },
  "foreign-key-violation": { exit: 2, title: "Rows point at rows that do not exist" },
  "autogenerate-ambiguous": { exit: 1, title: "A change may be a rename, and only you know" },
  "rows-in-the-way": {
    exit: 1,
    title: "Rows may be in the way of a change, and only you know what becomes of them",
  },
  "baseline-refused": { exit: 2, title: "A baseline has no place here" },
  "proof-failed": { exit: 1, title: "The revision does not do what it should" },
} as const satisfies Readonly<Record<string, { readonly exit: 1 | 2; readonly title: string }>>;

export type Code = keyof typeof codes;
