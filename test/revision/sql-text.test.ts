import fc from "fast-check";
import { expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { AludelError } from "../../src/error/error.js";
import { dedent, indent, scanLines } from "../../src/revision/sql-line.js";
import { isSqlText, renderSql, type SqlText, sql } from "../../src/revision/sql-text.js";

const postgres = await loadDialect("postgres");
const shown = (text: SqlText) => renderSql(text, postgres);

test("values become literals, names are quoted, SQL goes in as it is", () => {
  const name = sql.identifier("billing", 'Order "x"');
  expect(shown(sql`select ${name}.total > ${5} and a = ${"it's"} or ${null} or ${true}`)).toBe(
    `select "billing"."Order ""x""".total > 5 and a = 'it''s' or NULL or true`.replace(
      "NULL or true",
      `${postgres.literal(null)} or ${postgres.literal(true)}`,
    ),
  );
  expect(shown(sql`${sql`a`} + ${10n}`)).toBe(`a + ${postgres.literal(10n)}`);
  expect(shown(sql.join([1, sql`b`, "c"]))).toBe("1, b, 'c'");
  expect(isSqlText(sql`a`)).toBe(true);
  expect(isSqlText({ parts: [] })).toBe(false);
});

test("SQL text is frozen", () => {
  const text = sql`a`;
  expect(Object.isFrozen(text) && Object.isFrozen(text.parts)).toBe(true);
});

const refused = (make: () => unknown): AludelError => {
  try {
    make();
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown;
  }
  throw new Error("nothing was refused");
};

test("what would be silently wrong is refused", () => {
  expect(refused(() => sql`a ~ '\d+'`).remedy).toContain("\\\\d");
  expect(refused(() => sql`select '${"x"}'`).message).toContain("inside quotes");
  expect(refused(() => sql`select "${"x"}"`).message).toContain("inside quotes");
  expect(refused(() => sql``).message).toContain("empty");
  expect(refused(() => sql`${Number.NaN}`).message).toContain("NaN");
  expect(refused(() => sql`${new Date(0) as unknown as string}`).message).toContain("Date");
  expect(refused(() => sql`${undefined as unknown as string}`).message).toContain("undefined");
  expect(refused(() => sql.identifier("")).remedy).toContain("persons");
  // A value in a dollar quote or after a quoted text is no mistake.
  expect(shown(sql`select 'it''s', ${1}`)).toBe("select 'it''s', 1");
  expect(shown(sql`a ~ '\\d+'`)).toBe("a ~ '\\d+'");
});

test("shared indentation goes, quoted lines stay", () => {
  const text = sql`
    select 'first
      second' as a,
      b
    from t
  `;
  expect(shown(text)).toBe("select 'first\n      second' as a,\n  b\nfrom t");
});

test("lines inside quotes are found, whatever quotes them", () => {
  expect(scanLines("a\n'b\nc' d\n$x$ '\n $x$\n-- it's\n/* '\n */ e").quoted).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
    false,
    true,
  ]);
  expect(scanLines("E'a\\'\n").open).toBe("E'");
  expect(scanLines("name'a\\'\n").open).toBe(null);
  expect(scanLines("$1 + $2").open).toBe(null);
});

test("indenting never changes what is read back", () => {
  const unit = fc.constantFrom(
    "a",
    "'",
    '"',
    "$",
    "$$",
    "\n",
    " ",
    "\t",
    "-",
    "--",
    "/*",
    "*/",
    "E'",
    "\\",
    "`",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
      const indented = indent(text, "      ");
      if (indented !== null) expect(dedent(`\n${indented}\n`)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
