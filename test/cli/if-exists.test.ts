import { describe, expect, test } from "vitest";
import { revision, testProject } from "../run/project.js";

const everywhere = `
  await op.createTable("persons", { id: t.integer(), name: t.text() }, { ifNotExists: true });
  await op.addColumn("persons", "email", t.text(), { ifNotExists: true });
  await op.createIndex("persons_name", "persons", ["name"], { ifNotExists: true });
  await op.renameTable("none", "some", { ifExists: true });
  await op.renameIndex("none", "some", { table: "persons", ifExists: true });
  await op.renameView("none", "some", { ifExists: true });
  await op.dropTable("none", { ifExists: true });
  await op.dropColumn("persons", "none", { ifExists: true });
  await op.dropIndex("none", { table: "persons", ifExists: true });
  await op.dropConstraint("persons", "none", { ifExists: true });
  await op.dropView("none", { ifExists: true });
  await op.dropTrigger("none", { table: "persons", ifExists: true });
`;

const only = {
  sqlite: `
  await op.createView("names", { as: sql\`SELECT name FROM persons\`, ifNotExists: true });
`,
  postgres: `
  await op.createView("names", { as: sql\`SELECT name FROM persons\`, materialized: true, ifNotExists: true });
  await op.createSchema("Billing dept", { ifNotExists: true });
  await op.createExtension("plpgsql", { ifNotExists: true });
  await op.createSequence("numbers", { ifNotExists: true });
  await op.addEnumValue("mood", "glad", { ifNotExists: true });
  await op.renameView("none", "some", { materialized: true, ifExists: true });
  await op.renameSequence("none", "some", { ifExists: true });
  await op.dropView("none", { materialized: true, ifExists: true });
  await op.dropSchema("none", { ifExists: true });
  await op.dropExtension("none", { ifExists: true });
  await op.dropSequence("none", { ifExists: true });
  await op.dropEnum("none", { ifExists: true });
  await op.dropDomain("none", { ifExists: true });
  await op.dropType("none", { ifExists: true });
  await op.dropPolicy("none", { table: "persons", ifExists: true });
  await op.dropFunction("none", { ifExists: true });
  await op.dropObject("collation", "none", { ifExists: true });
`,
};

describe.each(["sqlite", "postgres"] as const)("ifExists and ifNotExists: %s", (engine) => {
  const enumType = engine === "postgres" ? 'await op.createEnum("mood", ["sad"]);' : "";
  const body = everywhere + only[engine];

  test("every directive that has words for it can be run twice", async () => {
    const project = await testProject(engine, {
      "revisions/1.ts": revision({ id: "aaaa", up: enumType + body }),
      "revisions/2.ts": revision({ id: "bbbb", revises: "aaaa", up: body }),
    });
    const { exit, stderr } = await project.run("upgrade");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("bbbb")]);
    const script = (await project.run("upgrade --sql")).stdout;
    expect(script.match(/IF NOT EXISTS/g)?.length).toBeGreaterThan(4);
  });

  test("what is there is renamed once", async () => {
    const rename = `
      await op.renameView("v", "w", { ifExists: true });
      await op.renameTable("a", "b", { ifExists: true });
      await op.renameIndex("a_name", "b_name", { table: "b", ifExists: true });
      ${engine === "postgres" ? 'await op.renameSequence("s", "t", { ifExists: true });' : ""}`;
    const project = await testProject(engine, {
      "revisions/1.ts": revision({
        id: "aaaa",
        up: `
          await op.createTable("a", { name: t.text() });
          await op.createIndex("a_name", "a", ["name"]);
          ${engine === "postgres" ? 'await op.createSequence("s");' : ""}
          await op.createView("v", { as: sql\`SELECT 1 AS one\` });`,
      }),
      "revisions/2.ts": revision({ id: "bbbb", revises: "aaaa", up: rename + rename }),
    });
    const { exit, stderr } = await project.run("upgrade");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("bbbb")]);
    const { tables, views, sequences } = await project.inspect();
    expect([...tables.values()].map(({ name, indexes }) => [name, indexes.map((one) => one.name)])).toEqual([
      ["b", ["b_name"]],
    ]);
    expect([...views.values(), ...sequences.values()].map(({ name }) => name)).toEqual(
      engine === "postgres" ? ["w", "t"] : ["w"],
    );
    expect((await project.run("upgrade --sql")).exit).toBe(0);
  });

  test("what contradicts itself, or has no words, is refused before anything runs", async () => {
    const view = (more: string) =>
      revision({ id: "aaaa", up: `await op.createView("v", { as: sql\`SELECT 1 AS a\`, ${more} });` });
    const project = await testProject(engine, {
      "revisions/1.ts": view("orReplace: true, ifNotExists: true"),
    });
    expect((await project.run("upgrade")).stderr).toContain("one of orReplace and ifNotExists");
    project.write("revisions/1.ts", view("ifNotExists: true"));
    const { exit, stderr } = await project.run("upgrade");
    if (engine === "sqlite") expect(exit).toBe(0);
    else expect(stderr).toContain("op-unsupported");
  });
});
