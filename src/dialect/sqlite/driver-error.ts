import type { Code } from "../../error/codes.js";
import { AludelError, type ErrorParts, messageOf } from "../../error/error.js";

/** Primary result codes ("Result and Error Codes"), as far as they are told apart. */
const primaryNames: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  3: "SQLITE_PERM",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  23: "SQLITE_AUTH",
  26: "SQLITE_NOTADB",
};

/** SQLITE_READONLY_DBMOVED: the file was removed or renamed since it was opened. */
export function hasMoved(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { code, errcode, rawCode } = error as { code?: unknown; errcode?: unknown; rawCode?: unknown };
  return [errcode, rawCode].includes(1032) || code === "SQLITE_READONLY_DBMOVED";
}

/** The primary result code by name, whichever driver threw; `null` when SQLite did not. */
export function sqliteCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, errcode, rawCode } = error as { code?: unknown; errcode?: unknown; rawCode?: unknown };
  const number = typeof errcode === "number" ? errcode : typeof rawCode === "number" ? rawCode : null;
  if (number !== null) return primaryNames[number & 0xff] ?? `SQLITE_${number & 0xff}`;
  if (typeof code === "string" && code.startsWith("SQLITE_")) return code.split("_").slice(0, 2).join("_");
  // libsql gives no code when it cannot open a file, only the number at the end of the message.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/.exec(messageOf(error));
  return opening === null ? null : (primaryNames[Number(opening[1])] ?? "SQLITE_CANTOPEN");
}

const known: Readonly<Record<string, { readonly code: Code; readonly remedy: string }>> = {
  SQLITE_BUSY: {
    code: "lock-timeout",
    remedy: "Wait for the other process to finish, or give it longer: ?busy_timeout=30000 in the URL.",
  },
  SQLITE_LOCKED: {
    code: "lock-timeout",
    remedy: "Finish the other statement on this database first.",
  },
  SQLITE_READONLY: {
    code: "database-unwritable",
    remedy: "Make the file and its folder writable, and leave ?mode=ro out of the URL.",
  },
  SQLITE_PERM: { code: "database-unwritable", remedy: "Make the file and its folder writable." },
  SQLITE_CANTOPEN: {
    code: "database-unwritable",
    remedy: "See that the folder of the file exists and that you may write into it.",
  },
  SQLITE_FULL: {
    code: "database-unwritable",
    remedy: "The disk is full: make room, then run the command again.",
  },
  SQLITE_NOTADB: {
    code: "connection-failed",
    remedy: "The file is not a SQLite database, or it is encrypted. Look at the path in the URL.",
  },
  SQLITE_CORRUPT: {
    code: "connection-failed",
    remedy:
      "The file is damaged. Restore a backup, or rescue what can be read with `sqlite3 file.db .recover`.",
  },
};

/** What to do about a statement that SQLite refused, by what it said. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^NOT NULL constraint failed/, "Fill the rows that have NULL there first, or give the column a default."],
  [/^constraint failed$/, "A row violates what the statement asks for: change or fill these rows first."],
  [
    /^(?:table|index|view|trigger) .* already exists$|^there is already |^duplicate column name: /,
    "It is there already: was the change made by hand? Compare with the database, or stamp it.",
  ],
  [/^UNIQUE constraint failed/, "Remove the duplicate rows first."],
  [/^CHECK constraint failed/, "Change the rows that the condition refuses first."],
  [/^FOREIGN KEY constraint failed/, "Add the rows that are pointed at, or remove those that point nowhere."],
  [
    /^cannot store .* value in/,
    "A STRICT table takes only values of the column's type: convert the rows first.",
  ],
  [
    /^error in (view|trigger|index) /,
    "Drop or mend what the message names first: SQLite checks it with every change.",
  ],
  [
    /^foreign key mismatch/,
    "Give the parent a PRIMARY KEY or UNIQUE constraint on exactly the columns pointed at.",
  ],
];

/**
 * What a driver threw, as Aludel's own error: BUSY and LOCKED are `lock-timeout`, READONLY, PERM, CANTOPEN and FULL
 * `database-unwritable`, NOTADB and CORRUPT `connection-failed`, everything else `sql-failed` with the statement.
 */
export function databaseError(error: unknown, parts: { statement?: string; target: string }): AludelError {
  if (error instanceof AludelError) return error;
  const name = sqliteCode(error);
  const said = messageOf(error);
  // The guard of a table rebuild has no other way to speak than a JSON path.
  const guard = /^(?:bad JSON path|JSON path error near): '(.*)'$/s.exec(said)?.[1]?.replaceAll("''", "'");
  const message = guard ?? said;
  const entry = name === null ? undefined : known[name];
  const shared: Omit<ErrorParts, "remedy"> = {
    where: parts.statement === undefined ? {} : { statement: parts.statement },
    cause: error,
    data: { sqliteCode: name, target: parts.target },
  };
  if (entry !== undefined) {
    const full = name === "SQLITE_FULL" ? "The disk is full" : message;
    return new AludelError(entry.code, `${full} (${parts.target})`, { ...shared, remedy: entry.remedy });
  }
  const remedy = remedies.find(([pattern]) => pattern.test(message))?.[1];
  return new AludelError("sql-failed", message, { ...shared, remedy: remedy ?? "Correct the statement." });
}

/** The error says that a table is not there. */
export function isMissingTable(error: AludelError): boolean {
  return error.code === "sql-failed" && /^no such table: /.test(error.message);
}

/** The error says that a table, function, collation or module of virtual tables is not there. */
export function isMissingObject(error: AludelError): boolean {
  return (
    error.code === "sql-failed" &&
    /^no such (?:table|function|collation sequence|module): /.test(error.message)
  );
}
