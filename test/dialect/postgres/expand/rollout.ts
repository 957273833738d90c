import { expect } from "vitest";
import { differences } from "../../../../src/check/differences.js";
import type { Connection } from "../../../../src/dialect/connection.js";
import type { Expansion, LongChange, Phase } from "../../../../src/dialect/expansion.js";
import { inspectPostgres } from "../../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../../src/dialect/postgres/postgres.js";
import { messageOf } from "../../../../src/error/error.js";
import { compileOps } from "../../../../src/plan/compile-op.js";
import type { Schema } from "../../../../src/schema/schema.js";
import { everyNamespace, onServer } from "../database.js";

/** What code of a release does; each time with another number. */
type Code = (n: number) => string;

interface Form {
  /** Tables, and rows from before. */
  readonly base: string;
  /** The change as it is written in one revision. */
  readonly plain: string;
  readonly change: LongChange;
  /** Works until the contract. */
  readonly old: Code;
  /** Works from the expand on, or where it must be filled first from the backfill on. */
  readonly fresh: Code;
  readonly freshFrom?: keyof Expansion;
  /** Between the phases, and in the end, where a person has something to do. */
  readonly byHand?: string;
  /** Gives no row where something is wrong with the rows in the end. */
  readonly wrong?: string;
  readonly oldestServer?: number;
}

const inspect = (connection: Connection): Promise<Schema> => inspectPostgres(connection, everyNamespace);

/** What both schemas differ in. */
const unlike = async (one: Schema, other: Schema) => (await differences(postgres, one, other, null)).lines;

async function run(connection: Connection, phase: Phase["downgrade"]): Promise<void> {
  if (typeof phase === "string") throw new Error(phase);
  for (const { sql, assertion } of await compileOps(postgres, phase, await inspect(connection), null)) {
    if (assertion === null) await connection.run(sql);
    else expect(await connection.query(sql), assertion).toEqual([]);
  }
}

/** The expansion of a form, where there is one. */
export async function expansionOf(connection: Connection, form: Omit<Form, "old" | "fresh">) {
  await connection.run(form.base);
  const before = await inspect(connection);
  await connection.run(`BEGIN; ${form.plain}`);
  const after = await inspect(connection);
  await connection.run("ROLLBACK");
  const { oldestServer = 18, change } = form;
  return { before, after, expansion: postgres.expand?.(change, { before, after, oldestServer }) ?? "" };
}

/**
 * Rolls a change out and back on a real server: before, between and after its revisions the code works that has to, and the schemas
 * in the end are those of the change itself and of the beginning.
 */
export async function rollOut(form: Form): Promise<void> {
  await onServer(async (connection) => {
    const { before, after, expansion } = await expansionOf(connection, form);
    if (typeof expansion === "string") throw new Error(expansion);
    let n = 100;
    const works = async (code: Code, when: string) => {
      n += 1;
      await connection.run(code(n)).catch((thrown: unknown) => {
        throw new Error(`${when}: ${messageOf(thrown)}`);
      });
    };
    const phases = (["expand", "backfill", "contract"] as const).filter((phase) => expansion[phase] !== null);
    const freshFrom = phases.indexOf(form.freshFrom ?? "expand");
    await works(form.old, "old code before");
    for (const [at, phase] of phases.entries()) {
      if (phase === "contract" && form.byHand !== undefined) await connection.run(form.byHand);
      await run(connection, expansion[phase]?.upgrade ?? []);
      if (phase !== "contract") await works(form.old, `old code behind the ${phase}`);
      if (at >= freshFrom) await works(form.fresh, `new code behind the ${phase}`);
      if (phase !== "contract") await works(form.old, `old code once more behind the ${phase}`);
    }
    expect(await unlike(await inspect(connection), after)).toEqual([]);
    if (form.wrong !== undefined) expect(await connection.query(form.wrong)).toEqual([]);
    for (const [at, phase] of [...phases.entries()].reverse()) {
      if (at >= freshFrom) await works(form.fresh, `new code before the way back of the ${phase}`);
      await run(connection, expansion[phase]?.downgrade ?? []);
      await works(form.old, `old code behind the way back of the ${phase}`);
    }
    expect(await unlike(await inspect(connection), before)).toEqual([]);
  });
}
