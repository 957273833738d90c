import type { Dialect } from "../dialect/dialect.js";
import { noEffect } from "../effect/effect.js";
import { PersistentMap } from "../effect/persistent-map.js";
import type { Analyse, AnalysedStatement, SqlSource } from "../effect/statement.js";
import type { World } from "../effect/world.js";
import { AludelError } from "../error/error.js";

/** A world in which nothing is known. */
export const noWorld: World = {
  relations: PersistentMap.empty(),
  relationNames: PersistentMap.empty(),
  types: PersistentMap.empty(),
  typeNames: PersistentMap.empty(),
  functions: PersistentMap.empty(),
  schemas: new Map(),
  extensions: new Set(),
  statistics: new Map(),
  searchPath: [],
  settings: new Map(),
  nextId: 0,
  complete: false,
};

/** For an engine of whose locks nothing is known: statements with their places, of which nothing is said. */
export function plainAnalysis(dialect: Dialect): Analyse {
  return async (sources, { from }) => {
    const all: AnalysedStatement[] = [];
    for (const [at, source] of sources.entries()) {
      const run = (from?.source ?? 0) + at;
      for (const part of await partsOf(dialect, source)) {
        const position = (from?.position ?? 0) + all.length;
        all.push({
          ...part,
          position,
          source: run,
          run,
          file: source.file,
          section: "up",
          effect: noEffect,
          onExisting: noEffect,
          actEffects: [],
          before: noWorld,
          after: noWorld,
          transaction: { by: "runner", since: position, held: PersistentMap.empty() },
          inner: [],
        });
      }
    }
    return all;
  };
}

type Part = Pick<AnalysedStatement, "sql" | "line" | "endLine" | "start" | "end" | "acts" | "op">;

async function partsOf(dialect: Dialect, { text, statements }: SqlSource): Promise<readonly Part[]> {
  if (statements !== undefined) {
    return statements.map(({ sql, op, line, endLine }) => ({
      sql,
      op,
      line,
      endLine,
      start: 0,
      end: 0,
      acts: [],
    }));
  }
  try {
    return (await dialect.splitScript(text)).map(({ sql, line, start, end }) => {
      const endLine = line + sql.split("\n").length - 1;
      return { sql, line, endLine, start, end, op: null, acts: [] };
    });
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const line = error.where.line ?? 1;
    const whole = {
      sql: text,
      line: 1,
      endLine: text.split("\n").length,
      start: 0,
      end: text.length,
      op: null,
    };
    return [{ ...whole, acts: [{ kind: "not-analysed", why: "syntax", reason: error.message, line }] }];
  }
}
