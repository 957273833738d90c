import { describe, expect, test } from "vitest";
import { describeDumpDifferences, differingLines, dumpDifferences } from "./differences.js";
import { dumpEntries } from "./entries.js";

function entry(type: string, name: string, text: string, more = ""): string {
  return `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: -${more}\n--\n\n${text}\n\n\n`;
}

function dump(...entries: readonly string[]): string {
  return [
    "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc123\n\n-- Dumped from database version 15.9\n\nSET x = 0;\n\n",
    ...entries,
    "--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc123\n\n",
  ].join("");
}

const heap = "SET default_table_access_method = heap;\n\n";
const columnar = "SET default_table_access_method = columnar;\n\n";
const a = entry("TABLE", "a", "CREATE TABLE public.a (\n    id integer\n);");
const b = entry("TABLE", "b", "CREATE TABLE public.b (\n    id integer\n);");
const parted = entry("TABLE", "p", "CREATE TABLE public.p (\n    id integer\n)\nPARTITION BY LIST (id);");
const body = entry("FUNCTION", "f()", "CREATE FUNCTION f() AS $$\n--\n\n-- Name: x\n$$;");

describe("entries", () => {
  test("a dump of nothing has none", () => {
    expect(dumpEntries(dump())).toEqual([]);
    expect(dumpEntries("")).toEqual([]);
  });

  test("text, without the settings, restrictions and empty lines around it", () => {
    expect(dumpEntries(dump(heap, a, body))).toEqual([
      { type: "TABLE", namespace: "public", name: "a", text: "CREATE TABLE public.a (\n    id integer\n);" },
      {
        type: "FUNCTION",
        namespace: "public",
        name: "f()",
        text: "CREATE FUNCTION f() AS $$\n--\n\n-- Name: x\n$$;",
      },
    ]);
  });

  test("lines that end in carriage return and line feed", () => {
    expect(dumpEntries(dump(a, b).replaceAll("\n", "\r\n"))).toEqual(dumpEntries(dump(a, b)));
  });

  test("no namespace", () => {
    const head =
      "--\n-- Name: citext; Type: EXTENSION; Schema: -; Owner: -\n--\n\nCREATE EXTENSION citext;\n\n";
    expect(dumpEntries(dump(head))).toMatchObject([{ namespace: null, name: "citext" }]);
  });

  test("other tables whose names begin alike are not ignored", () => {
    const names = ["aludel_version", "aludel_versions", "aludel_version2", "aludel_run_log_id_seq"];
    const entries = names.map((name) => entry("TABLE", name, `CREATE TABLE ${name} ();`));
    expect(dumpEntries(dump(...entries)).map(({ name }) => name)).toEqual([
      "aludel_versions",
      "aludel_version2",
    ]);
    expect(dumpEntries(dump(...entries), { ignoreTables: [] })).toHaveLength(4);
  });
});

describe("differences", () => {
  test("none, whatever the order and the versions", () => {
    expect(dumpDifferences(dump(a, b), dump(b, a).replace("15.9", "18.4").replaceAll("abc123", "x"))).toEqual(
      [],
    );
  });

  test("an access method is one, for the tables that take it", () => {
    expect(dumpDifferences(dump(heap, a, parted), dump(heap, a, columnar, parted))).toEqual([]);
    expect(dumpDifferences(dump(heap, a, b), dump(heap, a, columnar, b))).toMatchObject([
      { kind: "different", name: "b", lines: ["+ -- access method: columnar"] },
    ]);
    expect(dumpDifferences(dump(heap, a, columnar, b, heap), dump(columnar, b, heap, a))).toEqual([]);
  });

  test("a tablespace is one, though its setting is not part of the entry", () => {
    const fast = entry("TABLE", "a", "CREATE TABLE public.a (\n    id integer\n);", "; Tablespace: fast");
    expect(dumpDifferences(dump(a), dump("SET default_tablespace = fast;\n\n", fast))).toMatchObject([
      { kind: "different", lines: ["+ -- tablespace: fast"] },
    ]);
  });

  test("entries of one headline are told apart by their text", () => {
    const rules = ["x", "y", "z"].map((text) => entry("RULE", "a b c", text));
    const [x = "", y = "", z = ""] = rules;
    expect(dumpDifferences(dump(x, y), dump(y, x))).toEqual([]);
    expect(dumpDifferences(dump(x, x), dump(x))).toMatchObject([{ kind: "missing", lines: ["- x"] }]);
    expect(dumpDifferences(dump(x, y), dump(z, y, y))).toMatchObject([
      { kind: "different", lines: ["- x", "+ z"] },
      { kind: "added", lines: ["+ y"] },
    ]);
  });

  test("for a person", () => {
    expect(describeDumpDifferences(dumpDifferences(dump(a), dump(b)))).toBe(
      [
        "missing: TABLE a (public)",
        ...["  - CREATE TABLE public.a (", "  -     id integer", "  - );"],
        "",
        "added: TABLE b (public)",
        ...["  + CREATE TABLE public.b (", "  +     id integer", "  + );"],
      ].join("\n"),
    );
    expect(describeDumpDifferences([])).toBe("");
  });
});

test("differing lines leave out what texts share", () => {
  expect(differingLines("a\nb\nc\nd\ne", "a\nc\nx\nd\ny\ne")).toEqual(["- b", "+ x", "+ y"]);
  expect(differingLines("a", "a")).toEqual([]);
  expect(differingLines("", "a\nb")).toEqual(["- ", "+ a", "+ b"]);
  expect(differingLines("a\nb\na", "b")).toEqual(["- a", "- a"]);
});
