import { describe, expect, test } from "vitest";
import { newDatabase, projectAt, type TestProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";

/** Models as they were at one time, and what a person says of the step to them. */
type Step = readonly [models: string, ...words: string[]];

async function projectWithModels(): Promise<TestProject> {
  const url = await newDatabase("postgres");
  const config = { schema: "schema.sql", environments: { dev: url } };
  const files = { "aludel.config.json": JSON.stringify(config), "schema.sql": "" };
  return projectAt(temporaryFolder(files), url);
}

/** Takes a project through its models, a revision for each; gives the ops of the last one. */
async function walk(project: TestProject, steps: readonly Step[]): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  for (const [at, [models, ...words]] of steps.entries()) {
    project.write("schema.sql", models);
    const written = await project.run(["revision --autogenerate -m", `step_${at}`, ...words].join(" "));
    expect(written, `step ${at}`).toMatchObject({ exit: 0, stderr: expect.stringContaining("proved") });
    expect(await project.run("upgrade"), `upgrade ${at}`).toMatchObject({ exit: 0 });
    expect(await project.run("check"), `check ${at}`).toMatchObject({ exit: 0 });
    expect(await project.run("check --database"), `database ${at}`).toMatchObject({ exit: 0 });
    lines = written.stderr.split("\n").flatMap((line) => /^ {2}(\w.*)$/.exec(line)?.[1] ?? []);
  }
  return lines.filter((line) => !/^(warning|rows kept|no rows)/.test(line));
}

describe("revisions are found from what the revisions before them say", () => {
  test("a table and its columns get other names, and their constraints with them", async () => {
    const project = await projectWithModels();
    const lines = await walk(project, [
      ["CREATE TABLE persons (id serial PRIMARY KEY, email text UNIQUE, boss int REFERENCES persons);"],
      [
        "CREATE TABLE people (id serial PRIMARY KEY, mail text UNIQUE, lead int REFERENCES people);",
        ..."--rename persons:people --rename persons.email:people.mail --rename persons.boss:people.lead".split(
          " ",
        ),
      ],
    ]);
    expect(lines).toEqual([
      "rename table persons to people",
      "rename column people.email to mail",
      "rename column people.boss to lead",
      "rename constraint persons_pkey of people to people_pkey",
      "rename constraint persons_email_key of people to people_mail_key",
      "rename constraint persons_boss_fkey of people to people_lead_fkey",
    ]);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
  });

  test("a table is divided further after its columns got other names", async () => {
    const project = await projectWithModels();
    const before =
      "CREATE TABLE log (id serial, n int, UNIQUE (n, id)) PARTITION BY LIST (n); CREATE INDEX ON log (n);";
    const after =
      "CREATE TABLE logs (id serial, k int, UNIQUE (k, id)) PARTITION BY LIST (k); CREATE INDEX ON logs (k);";
    const lines = await walk(project, [
      [`${before} CREATE TABLE p1 PARTITION OF log FOR VALUES IN (1);`],
      [
        `${after} CREATE TABLE p1 PARTITION OF logs FOR VALUES IN (1);`,
        ..."--rename log:logs --rename log.n:logs.k".split(" "),
      ],
      [
        `${after} CREATE TABLE p1 PARTITION OF logs FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF logs FOR VALUES IN (2);`,
      ],
    ]);
    expect(lines).toEqual([
      "create table p2",
      "rename constraint p2_n_id_key of p2 to p2_k_id_key",
      "rename index p2_n_idx of p2 to p2_k_idx",
    ]);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
  });

  test("columns go whose sequence, views and heirs other tables know of", async () => {
    const project = await projectWithModels();
    await walk(project, [
      [
        `CREATE TABLE a (id serial, n int); CREATE TABLE b (id int DEFAULT nextval('a_id_seq'));
CREATE TABLE heir (n int) INHERITS (a); CREATE VIEW v AS SELECT n FROM a; CREATE VIEW w AS SELECT n FROM v;`,
      ],
      [
        "CREATE TABLE a (id bigint); CREATE TABLE b (id int); CREATE TABLE heir (n int) INHERITS (a);",
        ..."--drop a.n --drop v --drop w".split(" "),
      ],
      ["CREATE TABLE a (id bigint); CREATE TABLE b (id int);", "--drop", "heir"],
    ]);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
  });
});
