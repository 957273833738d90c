import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRepository, persons, type Repository } from "./repository.js";

const withPhone = persons.replace("email: text(),", "email: text(),\n  phone: text(),");

/** The name of a revision's file that ends so. */
function revisionFile(repository: Repository, slug: string): string {
  const found = repository.revisions().find((name) => name.includes(slug));
  if (found === undefined) throw new Error(`no revision ${slug}`);
  return `revisions/${found}`;
}

async function autogenerate(repository: Repository, message: string, ...more: readonly string[]) {
  const { exit, stderr } = await repository.aludel("revision", "--autogenerate", "-m", message, ...more);
  expect([exit, exit === 0 ? "" : stderr]).toEqual([0, ""]);
}

const plus = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe("pull requests", () => {
  test("a change of the models with its revision is let through", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", withPhone);
    await autogenerate(repository, "phone numbers");
    repository.commit("phone numbers");
    expect(await repository.gate()).toMatchObject({ exit: 0, clean: true, found: {} });
  });

  test("a change of the models without a revision is not; with the revision that is asked for it is", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", withPhone);
    repository.commit("phone numbers");
    const gate = await repository.gate();
    expect(gate.exit).toBe(1);
    expect(gate.found["guard"]).toEqual(["models.ts:7 revision-missing"]);
    expect(gate.remedies[0]).toContain("aludel revision --autogenerate");
    await autogenerate(repository, "phone numbers");
    expect(await repository.gate()).toMatchObject({ exit: 0, found: {} });
  });

  test("a revision that does what no model says", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", withPhone);
    await autogenerate(repository, "phone numbers");
    repository.write("models.ts", persons);
    const file = revisionFile(repository, "phone");
    const gate = await repository.gate("--only", "guard");
    expect(gate.exit).toBe(1);
    expect(gate.found["guard"]).toEqual([`${file}:${lineOf(repository, file, '"phone"')} models-missing`]);
    repository.write("models.ts", withPhone);
    expect(await repository.gate("--only", "guard")).toMatchObject({ exit: 0 });
  });

  test("a revision of the base that was edited", async () => {
    const repository = await makeRepository();
    const file = revisionFile(repository, "persons");
    const text = readFileSync(join(repository.folder, file), "utf8");
    repository.write(file, text.replace("t.text().notNull()", "t.text()"));
    const gate = await repository.gate("--only", "unchanged");
    expect([gate.exit, gate.found]).toEqual([1, { unchanged: [`${file}:1 revision-edited`] }]);
    const [id = ""] = /(?<=id: ")\w+/.exec(text) ?? [];
    expect(await repository.gate("--only", "unchanged", "--allow-edit", id)).toMatchObject({ exit: 0 });
    repository.git("checkout", "-q", "main", "--", file);
    expect(await repository.gate("--only", "unchanged")).toMatchObject({ exit: 0, found: {} });
  });

  test("a revision of the base that was removed", async () => {
    const repository = await makeRepository();
    const file = revisionFile(repository, "persons");
    repository.git("rm", "-q", file);
    const gate = await repository.gate("--only", "unchanged");
    expect([gate.exit, gate.found]).toEqual([1, { unchanged: [`${file}:null revision-removed`] }]);
  });

  test("a second head, here or after the merge", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", withPhone);
    await autogenerate(repository, "phone numbers");
    repository.commit("phone numbers");
    repository.git("checkout", "-q", "main");
    repository.write("models.ts", persons.replace("email: text(),", "email: text(),\n  city: text(),"));
    await autogenerate(repository, "cities");
    repository.commit("cities");
    repository.git("checkout", "-q", "change");
    const gate = await repository.gate("--only", "heads,validate,unchanged");
    expect(gate.exit).toBe(1);
    expect(gate.found["heads"]).toEqual([`${revisionFile(repository, "phone")}:1 heads-many`]);
    expect(gate.messages[0]).toMatch(/^A merge into main would have 2 heads: /);
    repository.git("merge", "-q", "-X", "ours", "-m", "main", "main");
    const merged = await repository.gate("--only", "heads");
    expect([merged.exit, merged.messages[0]]).toEqual([1, expect.stringMatching(/^There are 2 heads: /)]);
    expect((await repository.aludel("merge", "heads", "-m", "both")).exit).toBe(0);
    expect(await repository.gate("--only", "heads")).toMatchObject({ exit: 0, found: {} });
  });

  test("a dropped column that nobody has approved", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", persons.replace("  email: text(),\n", ""));
    await autogenerate(repository, "no addresses");
    const file = revisionFile(repository, "no_addresses");
    const gate = await repository.gate();
    expect(gate.exit).toBe(1);
    expect(gate.found["lint"]).toContain(`${file}:${lineOf(repository, file, "dropColumn")} drop-column`);
    const text = readFileSync(join(repository.folder, file), "utf8");
    repository.write(
      file,
      text.replace(/^( *)(await op\.dropColumn)/m, "$1// destructive: approved (dba: nobody reads it)\n$1$2"),
    );
    expect(await repository.gate()).toMatchObject({ exit: 0, found: {} });
  });

  test("a NOT NULL without a default fails with rows, before production does", async () => {
    const repository = await makeRepository();
    repository.write(
      "models.ts",
      persons.replace("email: text(),", "email: text(),\n  city: text().notNull(),"),
    );
    await repository.aludel(
      "revision",
      "--autogenerate",
      "-m",
      "cities",
      "--allow",
      "persons.city",
      "--no-verify",
    );
    const file = revisionFile(repository, "cities");
    const gate = await repository.gate("--only", "smoke");
    expect([gate.exit, gate.found]).toEqual([1, { smoke: [`${file}:1 rows-in-the-way`] }]);
    repository.git("clean", "-fdq", "revisions");
    await autogenerate(repository, "cities", "--backfill", "persons.city=''");
    expect(await repository.gate("--only", "smoke")).toMatchObject({ exit: 0, found: {} });
  });

  test("a seed that is not the same when it runs again", async () => {
    const repository = await makeRepository();
    const seed = (...lines: readonly string[]) =>
      repository.write("seeds/persons.sql", `${lines.join("\n")}\n`);
    const root = "INSERT INTO persons (id, name) VALUES (1, 'root') ON CONFLICT (id) DO NOTHING;";
    seed("-- who is always there", root, "", "INSERT INTO persons (name)", "VALUES ('guest');");
    repository.commit("persons");
    const gate = await repository.gate();
    expect([gate.exit, gate.found]).toEqual([1, { smoke: ["seeds/persons.sql:4 seed-not-idempotent"] }]);
    expect(gate.messages).toEqual([expect.stringContaining("1 row more in persons: id = 3, name = 'guest'")]);
    expect(gate.remedies[0]).toContain("ON CONFLICT (KEY) DO NOTHING");
    seed("-- who is always there", root.replace(" ON CONFLICT (id) DO NOTHING", ""));
    const twice = await repository.gate("--only", "smoke");
    expect([twice.exit, twice.found]).toEqual([1, { smoke: ["seeds/persons.sql:2 seed-not-idempotent"] }]);
    expect(twice.messages[0]).toContain("fails when it runs again: UNIQUE constraint failed");
    seed("INSERT INTO persons (name) VALUES ('root');", "INSERT INTO people DEFAULT VALUES;");
    expect((await repository.gate("--only", "smoke")).found).toEqual({
      smoke: ["seeds/persons.sql:2 seed-failed"],
    });
    seed(root, root.replace("1, 'root'", "2, 'guest'"));
    expect(await repository.gate()).toMatchObject({ exit: 0, found: {} });
  });

  test("a difference that is allowed, and one that is allowed for nothing", async () => {
    const allowed = [{ match: "add column persons.phone", reason: "comes in June" }];
    const repository = await makeRepository({ ci: { allowedDrift: allowed } });
    expect((await repository.gate("--only", "drift")).found).toEqual({
      drift: ["models.ts:null drift-allowed-unused"],
    });
    repository.write("models.ts", withPhone);
    expect(await repository.gate("--only", "drift")).toMatchObject({ exit: 0, found: {} });
    repository.write("models.ts", withPhone.replace("phone:", "fax: text(),\n  phone:"));
    expect(await repository.gate("--only", "drift")).toMatchObject({
      exit: 1,
      found: { drift: ["models.ts:null drift"] },
    });
  });

  test("exceptions: one that counts, one that is over, one that is too far ahead, and what is none", async () => {
    const repository = await makeRepository();
    repository.write("models.ts", withPhone);
    const exceptions = (...lines: readonly string[]) =>
      repository.write(".aludel/guard-exceptions.txt", `# why\n\n${lines.join("\n")}\n`);
    const guard = () => repository.gate("--only", "guard");
    exceptions(`models.ts|add column persons\\.phone|${plus(3)}|the revision comes with the next release`);
    const used = await guard();
    expect(used).toMatchObject({ exit: 0, found: {} });
    expect(used.messages[0]).toContain("lets a finding through");
    exceptions(`models.ts|phone|${plus(-1)}|too late`);
    expect(await guard()).toMatchObject({
      exit: 1,
      found: { guard: ["models.ts:7 revision-missing", ".aludel/guard-exceptions.txt:3 exception-expired"] },
    });
    exceptions(
      `models.ts|phone|${plus(31)}|too far`,
      "models.ts|phone",
      `models.ts|(|${plus(1)}|x`,
      `${"m".repeat(1_000)}|a|${plus(1)}|x`,
      "models.ts|phone|2026-02-30|x",
    );
    expect(await guard()).toMatchObject({
      exit: 1,
      found: {
        guard: [
          "models.ts:7 revision-missing",
          ...[3, 4, 5, 6, 7].map((line) => `.aludel/guard-exceptions.txt:${line} exception-invalid`),
        ],
      },
    });
  });

  test("code that makes tables by itself", async () => {
    const repository = await makeRepository();
    const code = [
      "const good = db.query('SELECT 1');",
      ["const bad = `CREATE TABLE IF NOT EXISTS $", "{name} (id int)`;"].join(""),
      'const temporary = "CREATE TEMPORARY TABLE t (id int)";',
      'const prose = "drop me a line";',
      'export const other = "ALTER TABLE persons ADD COLUMN x int";',
    ];
    repository.write("src/setup.ts", `${code.join("\n")}\n`);
    repository.write("test/setup.test.ts", `${code.join("\n")}\n`);
    repository.git("add", ".");
    const gate = await repository.gate("--only", "guard");
    expect([gate.exit, gate.found]).toEqual([
      1,
      { guard: ["src/setup.ts:2 ddl-in-code", "src/setup.ts:5 ddl-in-code"] },
    ]);
  });

  test("a rename that breaks a query of the deployed code; beside the old column the new one does not", async () => {
    const query = (column: string) =>
      `-- Who is written to?\nSELECT id, ${column} FROM persons WHERE ${column} = ?;\n`;
    const repository = await makeRepository(
      { ci: { queries: "queries/*.sql" } },
      { "queries/persons.sql": query("email") },
    );
    repository.write("models.ts", persons.replace("email: text()", "mail: text()"));
    // The code of the change asks for the new name; the one that is running does not know it.
    repository.write("queries/persons.sql", query("mail"));
    await autogenerate(repository, "mail", "--rename", "persons.email:persons.mail");
    const file = revisionFile(repository, "mail");
    const gate = await repository.gate("--only", "compat");
    expect([gate.exit, gate.found]).toEqual([
      1,
      { compat: [`${file}:${lineOf(repository, file, '"email"')} query-broken`] },
    ]);
    expect(gate.messages[0]).toContain("no such column: email (queries/persons.sql:2: SELECT id, email FROM");
    expect(gate.messages[1]).toMatch(/^The change has a query that needs revision \w+ to have run/);
    expect(gate.remedies[0]).toContain("put the new beside the old");
    repository.git("clean", "-fdq", "revisions");
    repository.write("models.ts", persons.replace("email: text(),", "email: text(),\n  mail: text(),"));
    await autogenerate(repository, "mail");
    expect(await repository.gate()).toMatchObject({ exit: 0, found: {} });
  });

  test("more revisions than a change may bring", async () => {
    const repository = await makeRepository({ ci: { revisions: "exactly-one" } });
    repository.write("models.ts", withPhone);
    expect((await repository.gate("--only", "pr-count")).found).toEqual({
      "pr-count": ["null:null revision-missing"],
    });
    await autogenerate(repository, "phone numbers");
    expect(await repository.gate("--only", "pr-count")).toMatchObject({ exit: 0, found: {} });
    repository.write("models.ts", withPhone.replace("phone:", "fax: text(),\n  phone:"));
    await autogenerate(repository, "fax numbers");
    expect((await repository.gate("--only", "pr-count")).found).toEqual({
      "pr-count": [`${revisionFile(repository, "fax")}:1 revisions-many`],
    });
  });
});

function lineOf({ folder }: Repository, file: string, text: string): number {
  return (
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1
  );
}
