import { basename } from "node:path";
import { AludelError } from "../../../error/error.js";
import type { Connection } from "../../connection.js";
import type { Statement } from "../../dialect.js";
import type { DumpDialect } from "../../dumps.js";
import { quoteString } from "../quote.js";
import { splitPostgresScript } from "../split.js";
import { linesOf } from "./open-text.js";
import { type Piece, pieces } from "./pieces.js";

/** Who owns what, and who may do what: roles are those of another server. */
const aboutRoles =
  /^(?:GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES|SET\s+(?:LOCAL\s+)?(?:SESSION\s+AUTHORIZATION|ROLE)|(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER|GROUP|DATABASE)|COMMENT\s+ON\s+(?:ROLE|DATABASE)|SECURITY\s+LABEL|REASSIGN)\b|^ALTER\s[\s\S]*\sOWNER\s+TO\s+\S+$/i;

const encoding = /^SET\s+client_encoding\s*(?:=|TO)\s*'?([\w-]+)/i;

/** Restores dumps that pg_dump has made. */
export const dumps: DumpDialect = {
  async restore(file, { openScratch }) {
    const scratch = await openScratch();
    try {
      const run = new Restore(scratch.connection, file);
      for await (const piece of pieces(linesOf(file), file)) await run.piece(piece);
      // A dump empties the search path.
      await scratch.connection.run("RESET ALL");
      const { connection, description, dispose } = scratch;
      return {
        connection,
        description: `${description} with ${basename(file)}`,
        leftOut: run.leftOut,
        dispose: () => dispose.call(scratch),
      };
    } catch (error) {
      await scratch.dispose();
      throw error;
    }
  },
};

/** As many statements that only put in rows go together. */
const together = 200;

class Restore {
  leftOut = 0;
  readonly #connection: Connection;
  readonly #file: string;

  constructor(connection: Connection, file: string) {
    this.#connection = connection;
    this.#file = file;
  }

  async piece(piece: Piece): Promise<void> {
    if (piece.kind === "rows") return this.#rows(piece);
    const statements = await splitPostgresScript(piece.text).catch((error: unknown) => {
      throw this.#unreadable(error, piece.line + ((error as AludelError).where?.line ?? 1) - 1, null);
    });
    let inserts: Statement[] = [];
    const flush = async () => {
      await this.#inserts(inserts, piece.line);
      inserts = [];
    };
    for (const statement of statements) {
      if (/^INSERT\s/i.test(statement.sql)) inserts.push(statement);
      else {
        await flush();
        await this.#statement(statement, piece.line);
      }
      if (inserts.length === together) await flush();
    }
    await flush();
  }

  async #rows({ into, rows, line }: Extract<Piece, { kind: "rows" }>): Promise<void> {
    const literal = (value: string | null) => (value === null ? "NULL" : quoteString(value));
    const list = rows.map((row) => `(${row.map(literal).join(", ")})`);
    const sql = rows.some((row) => row.length === 0)
      ? rows.map(() => `INSERT INTO ${into} DEFAULT VALUES`).join(";\n")
      : // What COPY puts in it puts into identity columns, too.
        `INSERT INTO ${into} OVERRIDING SYSTEM VALUE VALUES ${list.join(", ")}`;
    await this.#connection.run(sql).catch((error: unknown) => {
      throw this.#unreadable(error, line, `COPY ${into} FROM stdin`);
    });
  }

  /** All at once; where one of them fails, one after the other, to find it. */
  async #inserts(statements: readonly Statement[], begin: number): Promise<void> {
    if (statements.length === 0) return;
    const all = statements.map(({ sql }) => sql).join(";\n");
    const failed = await this.#connection.run(all).then(
      () => false,
      () => true,
    );
    if (failed) for (const one of statements) await this.#statement(one, begin);
  }

  async #statement({ sql, line }: Statement, begin: number): Promise<void> {
    const [, name] = encoding.exec(sql) ?? [];
    if (name !== undefined && !/^(?:utf-?8|sql_ascii)$/i.test(name)) {
      throw new AludelError("dump-unreadable", `The dump is in ${name}`, {
        where: { file: this.#file, line: begin + line - 1 },
        remedy: "Make it with pg_dump --encoding=UTF8.",
      });
    }
    if (aboutRoles.test(sql)) {
      this.leftOut += 1;
      return;
    }
    await this.#connection.run(sql).catch((error: unknown) => {
      if (isHarmless(error, sql)) this.leftOut += 1;
      else throw this.#unreadable(error, begin + line - 1, sql);
    });
  }

  #unreadable(error: unknown, line: number, statement: string | null): unknown {
    if (
      !(error instanceof AludelError) ||
      error.code === "connection-lost" ||
      error.code === "dump-unreadable"
    )
      return error;
    return new AludelError("dump-unreadable", `The dump could not be restored: ${error.message}`, {
      where: { file: this.#file, line, ...(statement === null ? {} : { statement }) },
      remedy: /^CREATE\s+EXTENSION\b/i.test(statement ?? "")
        ? "Set `scratch` in the configuration to a server that has the extension."
        : `${error.remedy} If the dump is of a newer server or uses extensions, set \`scratch\` to such a server.`,
      data: error.data,
      cause: error,
    });
  }
}

/** A schema that every database has, a setting of a newer server, a role of another one. */
function isHarmless(error: unknown, sql: string): boolean {
  if (!(error instanceof AludelError)) return false;
  const state = error.data["sqlState"];
  if (/^CREATE\s+SCHEMA\b/i.test(sql)) return state === "42P06";
  if (/^SET\s/i.test(sql)) return state === "42704" || state === "42501";
  return state === "42704" && /\brole "/.test(error.message);
}
