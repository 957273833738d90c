import { describe, expect, test } from "vitest";
import { type Engine, type RevisionText, revisions, testProject } from "../run/project.js";

/** What `aludel verify` answers for these revisions; the proofs by revision. */
async function verified(
  engine: Engine,
  texts: readonly RevisionText[],
  line = "verify",
  models: Readonly<Record<string, string>> = {},
) {
  const project = await testProject(engine, { ...revisions(...texts), ...withModels(models) });
  const { exit, stdout, stderr } = await project.run(`${line} --json`);
  if (exit > 1) throw new Error(stdout + stderr);
  const { proofs } = JSON.parse(stdout) as { proofs: readonly Answer[] };
  const [last] = proofs.slice(-1);
  const kept = last?.steps.find(({ part }) => part === "rows kept");
  return { exit, proofs, rows: last?.rows ?? null, kept, steps: last?.steps ?? [] };
}

/** A project that has models; it needs no database of its own. */
function withModels(models: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const schema = Object.keys(models);
  if (schema.length === 0) return models;
  return { ...models, "aludel.config.json": JSON.stringify({ schema, dialect: "postgres" }) };
}

interface Answer {
  readonly revision: string;
  readonly holds: boolean;
  readonly steps: readonly {
    readonly part: string;
    readonly result: string;
    readonly lines: readonly string[];
  }[];
  readonly rows: {
    readonly rows: number;
    readonly tables: number;
    readonly lost: readonly { table: string; column: string | null; rows: number; because: string }[];
    readonly findings: readonly string[];
    readonly unfilled: readonly { table: string; reason: string }[];
  } | null;
}

const makePets = `await op.createTable("pets",
  { id: t.integer().notNull(), person_id: t.integer().notNull(), name: t.text() },
  { primaryKey: ["id"], foreignKeys: { pets_person_id_fkey: { columns: ["person_id"], references: { table: "persons", columns: ["id"] }, onDelete: "cascade" } } });`;

const persons: RevisionText = {
  id: "aaaa",
  up: `await op.createTable("persons", { id: t.integer().notNull(), email: t.text(), code: t.varchar(100).notNull(), age: t.integer() }, { primaryKey: ["id"] });
    ${makePets}`,
  down: `await op.dropTable("pets"); await op.dropTable("persons");`,
};

const on = (up: string, down: string | null, more: Partial<RevisionText> = {}): readonly RevisionText[] => [
  persons,
  { id: "bbbb", revises: "aaaa", up, down, ...more },
];

const engines: readonly Engine[] = ["sqlite", "postgres"];

describe.each(engines)("%s", (engine) => {
  test("rows are kept through a change of other columns", async () => {
    const proof = await verified(
      engine,
      on(`await op.addColumn("persons", "note", t.text());`, `await op.dropColumn("persons", "note");`),
    );
    expect(proof.kept).toMatchObject({ result: "held" });
    expect(proof.rows).toMatchObject({ tables: 2, lost: [], findings: [], unfilled: [] });
    expect(proof.rows?.rows).toBeGreaterThanOrEqual(6);
    expect(proof.exit).toBe(0);
  });

  test("a way back that drops a renamed column and makes it anew loses its values", async () => {
    const proof = await verified(
      engine,
      on(
        `await op.renameColumn("persons", "email", "mail");`,
        `await op.dropColumn("persons", "mail"); await op.addColumn("persons", "email", t.text());`,
      ),
    );
    expect(proof.kept?.lines.join()).toContain("persons.email has other values");
    expect(proof.exit).toBe(1);
  });

  // SQLite computes them when a row is put in, and refuses that.
  test.runIf(engine === "postgres")("columns that cannot be computed when they are read", async () => {
    const column = 't.integer().generatedAs(sql`1 / (id - id)`, { storage: "virtual" })';
    const proof = await verified(engine, [
      persons,
      {
        id: "bbbb",
        revises: "aaaa",
        up: `await op.addColumn("persons", "computed", ${column});`,
        down: `await op.dropColumn("persons", "computed");`,
      },
      {
        id: "cccc",
        revises: "bbbb",
        up: `await op.addColumn("persons", "note", t.text());`,
        down: `await op.dropColumn("persons", "note");`,
      },
    ]);
    expect(proof.proofs.map(({ holds }) => holds)).toEqual([true]);
    expect(proof.kept).toMatchObject({ result: "held" });
    expect(proof.rows).toMatchObject({ tables: 2, lost: [], unfilled: [] });
  });

  test("values of a dropped column are named as lost", async () => {
    const proof = await verified(
      engine,
      on(`await op.dropColumn("persons", "email");`, `await op.addColumn("persons", "email", t.text());`),
    );
    expect(proof.rows?.lost).toMatchObject([{ table: "persons", column: "email" }]);
    expect(proof.exit).toBe(0);
  });

  test("values of a dropped column that SQL text brings back are not lost", async () => {
    const proof = await verified(
      engine,
      on(
        `await op.execute("CREATE TABLE kept AS SELECT id, email FROM persons"); await op.dropColumn("persons", "email");`,
        `await op.addColumn("persons", "email", t.text());
         await op.execute("UPDATE persons SET email = (SELECT kept.email FROM kept WHERE kept.id = persons.id)");
         await op.execute("DROP TABLE kept");`,
      ),
    );
    expect(proof.rows).toMatchObject({ lost: [], findings: [] });
    expect(proof.exit).toBe(0);
  });

  test("rows that SQL text changes for good are a finding, or a failure when it adds up", async () => {
    const lower = await verified(
      engine,
      on(`await op.execute("UPDATE persons SET code = lower(code)");`, ""),
    );
    expect(lower.exit).toBe(0);
    const grown = await verified(
      engine,
      on(`await op.execute("UPDATE persons SET code = 'x' || substr(code, 1, 20)");`, ""),
    );
    expect(grown.kept?.lines.join()).toContain("persons.code");
    expect(grown.exit).toBe(1);
  });

  test("NOT NULL on a column that has NULLs is a finding, and rows without are kept", async () => {
    const proof = await verified(
      engine,
      on(
        `await op.alterColumn("persons", "email", { nullable: false });`,
        `await op.alterColumn("persons", "email", { nullable: true });`,
      ),
    );
    expect(proof.rows?.findings.join()).toMatch(/upgrade fails with some rows: where persons.email has NULL/);
    expect(proof.kept).toMatchObject({ result: "held" });
    expect(proof.exit).toBe(0);
  });

  test("a new unique column is a finding where it has duplicates; NOT NULL without a default where there are rows", async () => {
    const proof = await verified(
      engine,
      on(`await op.addColumn("pets", "chip", t.text().notNull());`, `await op.dropColumn("pets", "chip");`),
    );
    expect(proof.rows?.findings.join()).toMatch(/where pets has rows/);
    expect(proof.exit).toBe(0);
  });

  test("what the file declares lost is lost and no failure", async () => {
    const proof = await verified(
      engine,
      on(
        `// aludel:loses persons.email
         await op.renameColumn("persons", "email", "mail");`,
        `await op.dropColumn("persons", "mail"); await op.addColumn("persons", "email", t.text());`,
      ),
    );
    expect(proof.rows?.lost).toMatchObject([{ column: "email", because: "aludel:loses" }]);
    expect(proof.exit).toBe(0);
  });

  test("rows that a way back deletes are a failure", async () => {
    const proof = await verified(
      engine,
      on(`await op.renameTable("pets", "animals");`, `await op.dropTable("animals"); ${makePets}`),
    );
    expect(proof.kept?.lines.join()).toMatch(/rows of pets are gone/);
    expect(proof.exit).toBe(1);
  });

  test("a revision without a way back is held after the upgrade", async () => {
    const proof = await verified(engine, on(`await op.addColumn("persons", "note", t.text());`, null));
    expect(proof.kept).toMatchObject({ result: "held" });
    expect(proof.exit).toBe(0);
  });

  test("a range is proved from its first revision on, and --no-rows leaves the rows out", async () => {
    const three = [
      ...on(`await op.addColumn("persons", "note", t.text());`, `await op.dropColumn("persons", "note");`),
      { id: "cccc", revises: "bbbb", up: `await op.dropTable("pets");`, down: makePets },
    ];
    const all = await verified(engine, three, "verify :");
    expect(all.proofs.map(({ revision }) => revision)).toEqual(["aaaa", "bbbb", "cccc"]);
    expect(all.rows?.lost).toMatchObject([{ table: "pets", column: null }]);
    expect(all.exit).toBe(0);
    const bare = await verified(engine, three, "verify bbbb: --no-rows");
    expect(bare.proofs.map(({ rows }) => rows)).toEqual([null, null]);
  });
});

/** Each of these is made anew on SQLite, where ALTER TABLE has no words for it. */
describe("a rebuilt table on SQLite keeps", () => {
  const rebuilt: RevisionText = {
    id: "aaaa",
    up: `await op.execute(\`
      CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, code TEXT);
      CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents ON DELETE CASCADE);
      CREATE TABLE others (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents ON DELETE SET NULL);
      CREATE TABLE loose (word TEXT, code BLOB, number NUMERIC, double INTEGER GENERATED ALWAYS AS (number * 2));
      CREATE VIEW names AS SELECT name FROM parents\`);`,
    down: `await op.execute("DROP VIEW names; DROP TABLE loose; DROP TABLE others; DROP TABLE children; DROP TABLE parents");`,
  };
  const change: RevisionText = {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.alterColumn("parents", "code", { nullable: false, default: "x" });
         await op.alterColumn("loose", "word", { default: "x" });`,
    down: `await op.alterColumn("parents", "code", { nullable: true, default: null });
           await op.alterColumn("loose", "word", { default: null });`,
  };

  test("its rows, rowids and counter, and the rows of its children", async () => {
    const proof = await verified("sqlite", [rebuilt, change]);
    expect(proof.kept).toMatchObject({ result: "held" });
    expect(proof.rows).toMatchObject({ tables: 4, unfilled: [], findings: [] });
    // The default takes the place of NULL, and that is what the op says.
    expect(proof.rows?.lost).toMatchObject([{ table: "parents", column: "code" }]);
    expect(proof.exit).toBe(0);
  });
});

test("a column that partitions have from their table is lost with it", async () => {
  const made: RevisionText = {
    id: "aaaa",
    up: `await op.execute(\`
      CREATE TABLE visits (id integer, day date, note text) PARTITION BY RANGE (day);
      CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
      CREATE TABLE visits_new PARTITION OF visits DEFAULT\`);`,
    down: `await op.execute("DROP TABLE visits");`,
  };
  const change: RevisionText = {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.dropColumn("visits", "note");`,
    down: `await op.addColumn("visits", "note", t.text());`,
  };
  const proof = await verified("postgres", [made, change]);
  expect(proof.kept).toMatchObject({ result: "held" });
  expect(proof.exit).toBe(0);
});

describe("rows that make tables when they are put in", () => {
  const teams = "create table teams (id integer primary key, name text";
  const makes = `create function make_events() returns trigger language plpgsql as $$
    begin execute format('create table team_events_%s (note text)', new.id); return new; end $$;
  create trigger make_events after insert on teams for each row execute function make_events();`;
  const models = (columns: string) => ({ "schema.sql": `${teams}${columns});\n${makes}` });
  const history = (up: string, down: string): readonly RevisionText[] => [
    {
      id: "aaaa",
      up: `await op.execute(sql\`${teams})\`); await op.execute(sql\`${makes}\`);`,
      down: `await op.dropTable("teams"); await op.execute(sql\`drop function make_events()\`);`,
    },
    { id: "bbbb", revises: "aaaa", up, down },
  ];
  const isFailed = ({ result }: Answer["steps"][number]) => result === "failed";

  test("are no answer about the revision, which is held against the models without them", async () => {
    const more = history(
      `await op.addColumn("teams", "note", t.text());`,
      `await op.dropColumn("teams", "note");`,
    );
    const proof = await verified("postgres", more, "verify", models(", note text"));
    expect(proof.steps.filter(isFailed)).toEqual([]);
    expect(proof.steps).toContainEqual({ part: "models equal", result: "held", lines: [] });
    expect(proof.kept?.result).toBe("skipped");
    expect(proof.kept?.lines.join()).toMatch(/change the schema themselves, as triggers may: .*team_events_/);
    const wrong = await verified("postgres", more, "verify", models(", other text"));
    expect(wrong.steps.filter(isFailed).map(({ part }) => part)).toEqual(["models equal"]);
    expect(wrong.exit).toBe(1);
  });

  test("nor is it one that the database refuses the revision beside them", async () => {
    const asks = `await op.execute(sql\`do $$ begin if (select count(*) > 1 from pg_class where relname like 'team%' and relkind = 'r')
      then raise 'there are others'; end if; end $$\`);`;
    const proof = await verified("postgres", history(asks, ""));
    expect([proof.steps.filter(isFailed), proof.kept?.result, proof.exit]).toEqual([[], "skipped", 0]);
  });
});
