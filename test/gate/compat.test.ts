import { describe, expect, test } from "vitest";
import { makeRepository, persons, type Repository } from "./repository.js";

const query = { "queries/persons.sql": "SELECT id, email FROM persons;\n" };

async function withPhone(repository: Repository): Promise<void> {
  repository.write("models.ts", persons.replace("email: text(),", "email: text(),\n  phone: text(),"));
  const { exit } = await repository.aludel("revision", "--autogenerate", "-m", "phone numbers");
  expect(exit).toBe(0);
}

async function compat(repository: Repository, ...words: readonly string[]) {
  const { exit, stdout } = await repository.aludel("compat", "--json", ...words);
  const { checks } = JSON.parse(stdout);
  return { exit, ...checks[0] };
}

describe("where there is nothing to be said, that is said", () => {
  test("no queries, and a base without any", async () => {
    const repository = await makeRepository();
    await withPhone(repository);
    expect(await compat(repository)).toMatchObject({
      exit: 0,
      status: "skipped",
      skipped: expect.stringContaining("ci.queries"),
    });
    const config = { schema: "models.ts", dialect: "sqlite", ci: { queries: "queries/*.sql" } };
    repository.write("aludel.config.json", JSON.stringify(config));
    const none = await compat(repository);
    expect([none.exit, none.status, none.error.code]).toEqual([2, "broken", "queries-not-found"]);
    repository.write("queries/persons.sql", "SELECT phone FROM persons; SELECT fax FROM persons");
    const fresh = await compat(repository);
    expect([fresh.exit, fresh.findings.map((one: { code: string }) => one.code)]).toEqual([
      1,
      ["query-needs-revision", "query-invalid", "queries-unknown"],
    ]);
    repository.write("queries/other.sql", "SELECT 1;\n'");
    expect((await compat(repository)).findings).toContainEqual(
      expect.objectContaining({
        code: "query-not-analysed",
        severity: "error",
        file: "queries/other.sql",
        line: 2,
      }),
    );
    expect(fresh.findings[1]).toMatchObject({ file: "queries/persons.sql", line: 1, revision: null });
  });

  test("no new revision, no new query", async () => {
    const repository = await makeRepository({ ci: { queries: "queries" } }, query);
    expect(await compat(repository)).toMatchObject({ exit: 0, skipped: "no revision and no query is new" });
  });
});

test("queries from elsewhere count as deployed; a break that is allowed is told", async () => {
  const allowedBreaks = [{ match: "FROM old_reports", reason: "switched off" }];
  const repository = await makeRepository({ ci: { allowedBreaks } });
  const database = repository.aludel;
  repository.write("models.ts", persons.replace("  email: text(),\n", ""));
  expect((await database("revision", "--autogenerate", "-m", "no addresses")).exit).toBe(0);
  repository.write(
    "used.jsonl",
    '{"sql":"SELECT email FROM persons /* FROM old_reports */"}\n{"sql":"COMMIT"}\n',
  );
  const allowed = await compat(repository, "--queries", "used.jsonl");
  expect([allowed.exit, allowed.findings]).toMatchObject([0, [{ code: "break-allowed", severity: "info" }]]);
  repository.write("used.jsonl", '{"sql":"SELECT email FROM persons"}\n');
  const broken = await compat(repository, "--queries", "used.jsonl");
  expect([broken.exit, broken.findings.map((one: { code: string }) => one.code)]).toEqual([
    1,
    ["query-broken", "break-allowed-unused"],
  ]);
  expect(await compat(repository, "--queries", "nowhere.sql")).toMatchObject({
    exit: 2,
    error: { code: "file-unreadable" },
  });
  repository.write("none.sql", "BEGIN;");
  expect(await compat(repository, "--queries", "none.sql")).toMatchObject({
    exit: 2,
    error: { code: "queries-not-found" },
  });
});

test("an engine that notes no queries, and an environment that is not there", async () => {
  const repository = await makeRepository({ environments: { live: "sqlite:./live.db" } });
  await withPhone(repository);
  const codes = ["live", "lvie"].map(async (name) => {
    const { exit, error } = await compat(repository, "--queries-from", name);
    return [exit, error.code];
  });
  expect(await Promise.all(codes)).toEqual([
    [2, "queries-unavailable"],
    [2, "environment-unknown"],
  ]);
});
