import { describe, expect, test } from "vitest";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import type { Op } from "../../src/op/op.js";
import type { RunContext } from "../../src/run/run-context.js";
import { SchemaNow } from "../../src/run/schema-now.js";
import { draftSchema } from "../../src/schema/build.js";
import type { Schema } from "../../src/schema/schema.js";

const users = { namespace: null, name: "users" };

/** A database that is asked for its schema, with how often it was. */
function asked(): { readonly now: SchemaNow; times(): number } {
  let times = 0;
  const inspect = async (): Promise<Schema> => {
    times++;
    const schema = draftSchema("postgres");
    schema.enums.set("mood", { namespace: null, name: "mood", values: ["a"], comment: null });
    return schema;
  };
  const name = { namespace: null, name: "aludel" };
  const context = {
    dialect: { ...postgres, inspect },
    connection: {} as RunContext["connection"],
    bookkeeping: { versionTable: name, runLogTable: name },
  };
  return { now: new SchemaNow(context), times: () => times };
}

const comment = (text: string): Op => ({
  kind: "set-comment",
  target: { on: "enum", name: { namespace: null, name: "mood" } },
  comment: text,
});

describe("the schema in the middle of a revision", () => {
  test("is inspected once, and follows the ops", async () => {
    const { now, times } = asked();
    for (const text of ["one", "two", "three"]) {
      await now.before(comment(text));
      now.after(comment(text));
    }
    const schema = await now.before(comment("four"));
    expect(schema.enums.get("mood")?.comment).toBe("three");
    expect(times()).toBe(1);
  });

  const others: readonly (readonly [string, Op])[] = [
    ["SQL of the user's", { kind: "execute", sql: "SELECT 1" }],
    ["an op that what is known has no place for", { kind: "drop-table", name: users }],
    [
      "a name in a namespace that is not known",
      { kind: "drop-sequence", name: { namespace: "public", name: "s" }, ifExists: true },
    ],
  ];
  for (const [what, op] of others) {
    test(`is inspected again after ${what}`, async () => {
      const { now, times } = asked();
      await now.before(comment("one"));
      now.after(op);
      await now.before(comment("two"));
      expect(times()).toBe(2);
    });
  }

  test("is what the database says where an op needs just that", async () => {
    const { now, times } = asked();
    await now.before(comment("one"));
    await now.before({ kind: "replace-enum-values", name: { namespace: null, name: "mood" }, values: ["b"] });
    expect(times()).toBe(2);
  });
});
