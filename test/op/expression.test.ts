import { describe, expect, test } from "vitest";
import { mentionsColumn, renameColumn, renameTable } from "../../src/op/expression/column.js";
import { renameObject } from "../../src/op/expression/object.js";
import { mentionsSequence, renameSequence } from "../../src/op/expression/sequence.js";
import { renameEnumValue, renameType } from "../../src/op/expression/type.js";
import { tokenize } from "../../src/op/tokens.js";
import { identifiersIn, relationsIn } from "../../src/op/written-names.js";

const persons = { namespace: null, name: "persons" };
const scope = { table: persons, columns: ["age", "Age2", "name", "zone", "year", "value"] };

describe("tokenize", () => {
  test.each([
    ["age > 18", ["age", ">", "18"]],
    [`"a""b" = 'it''s'`, ['"a""b"', "=", "'it''s'"]],
    [String.raw`E'it\'s age' || x`, [String.raw`E'it\'s age'`, "|", "|", "x"]],
    ["$$age$$ || $tag$ $$ $tag$", ["$$age$$", "|", "|", "$tag$ $$ $tag$"]],
    ["a::text[1]", ["a", "::", "text", "[", "1", "]"]],
    ["`my col` + größe", ["`my col`", "+", "größe"]],
    ["'never closed", ["'", "never", "closed"]],
    ["$1 + 1.5e3", ["$", "1", "+", "1.5e3"]],
  ])("%s", (text, tokens) => {
    const found = tokenize(text).filter((token) => token.kind !== "space");
    expect(found.map((token) => token.text)).toEqual(tokens);
    expect(
      tokenize(text)
        .map((token) => token.text)
        .join(""),
    ).toBe(text);
  });

  test("comments are comments, also nested ones", () => {
    const kinds = tokenize("a -- b\n/* c /* d */ e */ f").map((token) => token.kind);
    expect(kinds).toEqual(["bare", "space", "comment", "space", "comment", "space", "bare"]);
  });
});

describe("renameColumn", () => {
  test.each([
    ["age > 18", "years > 18"],
    ["AGE > 18", "years > 18"],
    ['"age" > 18', '"years" > 18'],
    ['"Age" > 18', '"Age" > 18'],
    ["'age' = age", "'age' = years"],
    ["E'\\'age' || age", "E'\\'age' || years"],
    ["$$age$$ || age /* age */ -- age", "$$age$$ || years /* age */ -- age"],
    ["age(age)", "age(years)"],
    ["persons.age > 1", "persons.years > 1"],
    ['"public"."persons"."age" > 1', '"public"."persons"."years" > 1'],
    ["other.age > 1", "other.age > 1"],
    ["age.x > 1", "age.x > 1"],
    ["x::age", "x::age"],
    ["cast(x as age)", "cast(x as age)"],
    ["f(age => age)", "f(age => years)"],
    ["age IN (1, 2)", "years IN (1, 2)"],
    ["lower(name) = 'x'", "lower(name) = 'x'"],
  ])("%s", (text, after) => {
    expect(renameColumn(text, scope, "age", "years")).toBe(after);
  });

  test.each([
    ["t AT TIME ZONE zone", "zone", "t AT TIME ZONE z"],
    ["x::timestamp with time zone > zone", "zone", "x::timestamp with time zone > z"],
    ["extract(year from t) = year", "year", "extract(year from t) = z"],
    ["interval '1' year + year", "year", "interval '1' year + z"],
    ["value'x' || value", "value", "value'x' || z"],
    ["x COLLATE name = name", "name", "x COLLATE name = z"],
  ])("%s: what only looks like the column stays", (text, column, after) => {
    expect(renameColumn(text, scope, column, "z")).toBe(after);
  });

  test("a name that needs quotes gets them, and keywords do", () => {
    expect(renameColumn("age > 1", scope, "age", 'a"b c')).toBe('"a""b c" > 1');
    expect(renameColumn("age > 1", scope, "age", "select")).toBe('"select" > 1');
    expect(renameColumn("age > 1", scope, "age", "Years")).toBe('"Years" > 1');
  });

  test("names with quotes and keywords are found only in quotes", () => {
    const odd = { table: persons, columns: ['a"b', "select", "Name"] };
    expect(renameColumn('"a""b" > 1', odd, 'a"b', "x")).toBe('"x" > 1');
    expect(renameColumn('"select" and (1 = 1)', odd, "select", "x")).toBe('"x" and (1 = 1)');
    expect(renameColumn("(select 1)", odd, "select", "x")).toBe("(select 1)");
  });

  test.each([
    ["at > now() AND position >= 0", "at", "x > now() AND position >= 0"],
    ["at > now() AND position >= 0", "position", "at > now() AND x >= 0"],
    ["at AT TIME ZONE 'UTC'", "at", "x AT TIME ZONE 'UTC'"],
    ["current_timestamp at time zone zone", "at", "current_timestamp at time zone zone"],
    ["position('a' in name) > (position)", "position", "position('a' in name) > (x)"],
    ["a MATCH b", "match", "a MATCH b"],
    ["at", "at", "x"],
  ])("%s: a word of the language is a column where an operand stands", (text, column, after) => {
    const wide = { table: persons, columns: ["at", "position", "match", "a", "b", "name", "zone"] };
    expect(renameColumn(text, wide, column, "x")).toBe(after);
  });

  test("a bare word is the column in lower case if there is one, else the one of any case", () => {
    const both = { table: persons, columns: ["Name", "name"] };
    expect(renameColumn("name = 1", both, "Name", "x")).toBe("name = 1");
    expect(renameColumn("name = 1", { table: persons, columns: ["Name"] }, "Name", "x")).toBe("x = 1");
  });

  test("in a subquery only what has the table before it is surely the column", () => {
    const text = "exists (select 1 from orders o where o.age = persons.age and age = 1)";
    expect(renameColumn(text, scope, "age", "x")).toBe(
      "exists (select 1 from orders o where o.age = persons.x and age = 1)",
    );
  });

  test("mentionsColumn says what renameColumn would change", () => {
    expect(mentionsColumn("lower(age)", scope, "age")).toBe(true);
    expect(mentionsColumn("age(now())", scope, "age")).toBe(false);
  });
});

describe("other names in expressions", () => {
  test("a table's", () => {
    expect(renameTable('persons.age > "persons"."x" and persons(1)', persons, "people")).toBe(
      'people.age > "people"."x" and persons(1)',
    );
    const billed = { namespace: "billing", name: "persons" };
    expect(renameTable("billing.persons.age > other.persons.age", billed, "people")).toBe(
      "billing.people.age > other.persons.age",
    );
  });

  test("a type's", () => {
    const mood = { namespace: null, name: "mood" };
    expect(renameType(`'a'::mood, cast(x as "mood"), mood 'a', mood`, mood, "Feeling")).toBe(
      `'a'::"Feeling", cast(x as "Feeling"), "Feeling" 'a', mood`,
    );
    const far = { namespace: "far", name: "mood" };
    expect(renameType("'a'::far.mood, 'a'::mood[], 'a'::near.mood", far, "x")).toBe(
      "'a'::far.x, 'a'::x[], 'a'::near.mood",
    );
  });

  test("an enum value's", () => {
    const mood = { namespace: null, name: "mood" };
    const value = { from: "it's", to: "o'k" };
    expect(renameEnumValue("'it''s'::mood || 'it''s'::text || 'it''s'", mood, value, false)).toBe(
      "'o''k'::mood || 'it''s'::text || 'it''s'",
    );
    expect(renameEnumValue("'it''s'", mood, value, true)).toBe("'o''k'");
  });

  test("a sequence's", () => {
    const sequence = { namespace: null, name: "Persons id" };
    const text = `nextval('"Persons id"'::regclass) + nextval('other') || '"Persons id"'`;
    expect(mentionsSequence(text, sequence)).toBe(true);
    expect(mentionsSequence("nextval('persons')", sequence)).toBe(false);
    expect(renameSequence(text, sequence, "it's")).toBe(
      `nextval('"it''s"'::regclass) + nextval('other') || '"Persons id"'`,
    );
    const isFar = ({ namespace }: { namespace: string | null }) => namespace === "far";
    expect(mentionsSequence("nextval('far.s')", { namespace: null, name: "s" })).toBe(true);
    expect(mentionsSequence("nextval('far.s')", { namespace: null, name: "s" }, isFar)).toBe(false);
    expect(mentionsSequence("nextval('far.s')", { namespace: "far", name: "s" }, isFar)).toBe(true);
    expect(renameSequence("nextval('far.s')", { namespace: null, name: "s" }, "t", isFar)).toBe(
      "nextval('far.s')",
    );
    const qualified = renameSequence("nextval('far.s')", { namespace: "far", name: "s" }, "t");
    expect(qualified).toBe("nextval('far.t')");
  });
});

test("a keyword is no object, though one is called so", () => {
  const name = { namespace: null, name: "select" };
  expect(renameObject('SELECT a::"select" FROM "select"', name, "old")).toBe('SELECT a::"old" FROM "old"');
});

describe("names in queries", () => {
  test("identifiersIn finds every name in lower case", () => {
    const names = identifiersIn(`SELECT "A b", x FROM [My Table] -- no\n WHERE 'nor' = Y`);
    expect([...names]).toEqual(expect.arrayContaining(["a b", "x", "my table", "y"]));
    expect(names.has("no")).toBe(false);
    expect(names.has("nor")).toBe(false);
  });

  test("relationsIn finds what is surely read from", () => {
    const query = `SELECT t.v, w FROM a, only "B c" JOIN far.d ON a.x = d.y WHERE w IN (SELECT 1 FROM e)`;
    expect(relationsIn(query)).toEqual([
      { namespace: null, name: "a" },
      { namespace: null, name: "b c" },
      { namespace: "far", name: "d" },
      { namespace: null, name: "e" },
    ]);
  });
});
