import { describe, expect, test } from "vitest";
import { indexKey } from "../../../src/schema/build.js";
import { readIndexKey } from "../../../src/source/drizzle/index-key.js";

const columns = new Set(["email", "age", 'Order "x"', "select", "active"]);

describe("a key that is a column", () => {
  test.each([
    ['"email"', "email"],
    ["email", "email"],
    ["EMAIL", "email"],
    ['("email")', "email"],
    ['"Order ""x"""', 'Order "x"'],
    ['"select"', "select"],
  ])("%s", (text, column) => {
    expect(readIndexKey(text, columns)).toEqual(indexKey({ column }));
  });

  test("with order, NULLs, collation and operator class", () => {
    expect(readIndexKey('"email" COLLATE "de-x-icu" text_pattern_ops DESC NULLS LAST', columns)).toEqual(
      indexKey(
        { column: "email" },
        {
          order: "desc",
          nulls: "last",
          collation: { namespace: null, name: "de-x-icu" },
          operatorClass: "text_pattern_ops",
        },
      ),
    );
    expect(readIndexKey('"email" desc', columns)).toMatchObject({ order: "desc", nulls: "first" });
    expect(readIndexKey("email collate nocase", columns)).toMatchObject({
      column: "email",
      collation: { namespace: null, name: "nocase" },
    });
    expect(readIndexKey('"email" gin_trgm_ops(siglen=32)', columns).operatorClass).toBe(
      "gin_trgm_ops(siglen=32)",
    );
    expect(readIndexKey("email collate app.german", columns).collation).toEqual({
      namespace: "app",
      name: "german",
    });
  });
});

describe("a key that is an expression", () => {
  test.each([
    ['lower("email")', 'lower("email")'],
    ['(lower("email"))', 'lower("email")'],
    ["(a) || (b)", "(a) || (b)"],
    ["((data ->> 'name'))", "data ->> 'name'"],
    ["coalesce(email, ')')", "coalesce(email, ')')"],
    ["app.normal (email)", "app.normal (email)"],
    ["email || 'x'", "email || 'x'"],
    ["not active", "not active"],
    ["case when age > 1 then 2 end", "case when age > 1 then 2 end"],
    ["email is null", "email is null"],
    ["unknown_column", "unknown_column"],
    ["('unclosed", "('unclosed"],
  ])("%s", (text, expression) => {
    expect(readIndexKey(text, columns)).toEqual(indexKey({ expression }));
  });

  test("with operator class and order", () => {
    expect(readIndexKey("lower(email) gin_trgm_ops", columns)).toEqual(
      indexKey({ expression: "lower(email)" }, { operatorClass: "gin_trgm_ops" }),
    );
    expect(readIndexKey("(email || 'desc') desc nulls last", columns)).toEqual(
      indexKey({ expression: "email || 'desc'" }, { order: "desc", nulls: "last" }),
    );
    expect(readIndexKey("email || 'x' desc", columns)).toEqual(
      indexKey({ expression: "email || 'x'" }, { order: "desc" }),
    );
  });
});
