import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactKnown } from "../../src/error/redact.js";

describe("redact", () => {
  test.each([
    ["postgres://app:s3cret@localhost/shop", "postgres://app:***@localhost/shop"],
    [
      "could not reach postgresql://app:p@ss:w/o?rd@host:5432/db!",
      "could not reach postgresql://app:***@host:5432/db!",
    ],
    ["postgres://app:s%40cret@h/db", "postgres://app:***@h/db"],
    ["postgres://:s3cret@h/db", "postgres://:***@h/db"],
    [
      "see https://x.test/?to=postgres%3A%2F%2Fapp%3As3cret%40host%2Fdb",
      "see https://x.test/?to=postgres%3A%2F%2Fapp%3A***%40host%2Fdb",
    ],
    [
      "postgres://h/db?user=app&password=s3cret&sslmode=require",
      "postgres://h/db?user=app&password=***&sslmode=require",
    ],
    ["libsql://x.turso.io?authToken=s3cret", "libsql://x.turso.io?authToken=***"],
    ["host=h user=app password=s3cret dbname=d", "host=h user=app password=*** dbname=d"],
    ["host=h password='s3 cr\\'et' dbname=d", "host=h password=*** dbname=d"],
    ["PGPASSWORD=s3cret aludel upgrade", "PGPASSWORD=*** aludel upgrade"],
    ["redirect=host%3Dh%26password%3Ds3cret", "redirect=host%3Dh%26password%3D***"],
    ['{"user":"app","password":"s3cret"}', '{"user":"app","password":"***"}'],
    ["{ user: 'app', password: 's3cret' }", "{ user: 'app', password: \"***\" }"],
    ["CREATE ROLE app LOGIN PASSWORD 's3''cret'", "CREATE ROLE app LOGIN PASSWORD '***'"],
  ])("%s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    "postgres://localhost:5432/shop",
    "sqlite:./dev.db",
    "add column persons.password",
    "12:30 someone@example.org wrote",
    "at src/models.ts:12:3",
  ])("leaves %s as it is", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("no password of any URL survives, encoded or not", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9!$%&*+;=?@:/#~^-]{1,20}$/);
    fc.assert(
      fc.property(word, (word) => {
        const password = `Q7${word}7Q`;
        expect(redact(`cannot reach postgres://app:${password}@host/db now`)).toBe(
          "cannot reach postgres://app:***@host/db now",
        );
        expect(redact(`x postgres://app:${encodeURIComponent(password)}@host/db`)).not.toContain("Q7");
      }),
    );
  });
});

describe("redactKnown", () => {
  const url = "postgres://app:s%40cret@localhost/shop";
  test("takes the known password out, as written and decoded", () => {
    expect(redactKnown(`${url} and postgres://app:s@cret@localhost/shop`, [url])).toBe(
      "postgres://app:***@localhost/shop and postgres://app:***@localhost/shop",
    );
  });
  test("leaves the user's own SQL alone", () => {
    const sql = "UPDATE settings SET url = 'postgres://other:word@host/db' WHERE password = 's@cret';";
    expect(redactKnown(sql, [url])).toBe(sql);
  });
  test("knows a URL without a password", () => {
    expect(redactKnown("a:b@c", ["sqlite:dev.db", "postgres://h/db"])).toBe("a:b@c");
  });
});
