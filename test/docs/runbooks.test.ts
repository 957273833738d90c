import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { aludel } from "../cli/run.js";
import { startPooler } from "../deploy/pooler.js";
import { on } from "../run/project.js";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { root } from "./blocks.js";
import { managed } from "./managed.js";
import { elsewhereOf, playPage, type Stage } from "./runbook.js";
import { commandFolder, linkPackages } from "./shell.js";

// It tells V8 to save memory in a process that ends soon, and this one goes on.
vi.mock("../../src/cli/spare-memory.js", () => ({ spareMemory: () => undefined }));

/** The newest folder with a server and the programs that people work with beside it. */
function programs(): string | null {
  const versions = "/usr/lib/postgresql";
  const chosen = process.env["ALUDEL_TEST_POSTGRES"];
  const installed = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [chosen, ...installed.map((version) => join(versions, version, "bin"))];
  const needed = ["postgres", "psql", "pg_dump", "pg_restore"];
  const found = folders.find(
    (folder) => folder !== undefined && needed.every((name) => existsSync(join(folder, name))),
  );
  return found ?? null;
}

const found = programs();
const why = found === null ? " (SKIPPED: no folder with a server, psql and pg_dump)" : "";

const orders = `CREATE TABLE orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer text NOT NULL,
  total integer NOT NULL,
  comment text
);`;

/** A file of a revision, by its name. */
function revision(
  created: string,
  id: string,
  revises: string | null,
  [message, up, down]: readonly [message: string, up: string, down: string],
): Readonly<Record<string, string>> {
  const stamp = created.replace(/\D/g, "");
  const head = [message, "", `Revision: ${id}`, `Revises: ${revises ?? "none"}`, `Created: ${created}`];
  const comment = head.map((line) => `-- ${line}`.trimEnd()).join("\n");
  const text = `${comment}\n\n-- aludel:upgrade\n\n${up}\n\n-- aludel:downgrade\n\n${down}\n`;
  return { [`revisions/${stamp}_${message.replaceAll(" ", "_")}.sql`]: text };
}

const made = revision("2026-11-01T09:00:00Z", "a1f0c3d2e4b5", null, ["orders", orders, "DROP TABLE orders;"]);
const noted = revision("2026-11-21T09:00:00Z", "5d2e8f60a1b3", "a1f0c3d2e4b5", [
  "notes of orders",
  "ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer);",
  "DROP INDEX CONCURRENTLY orders_customer_idx;\nALTER TABLE orders DROP COLUMN note;",
]);

function git(folder: string, ...words: readonly string[]): void {
  execFileSync("git", words, { cwd: folder, stdio: "ignore" });
}

/** Everything is committed, and on a branch of a remote. */
function makeRepository(folder: string): void {
  const remote = temporaryFolder();
  git(remote, "init", "--bare", "--initial-branch=main");
  git(folder, "init", "--initial-branch=main");
  git(folder, "config", "user.name", "Somebody");
  git(folder, "config", "user.email", "somebody@example.com");
  git(folder, "remote", "add", "origin", remote);
  git(folder, "add", "--all");
  git(folder, "commit", "--message", "as it is");
  git(folder, "push", "--set-upstream", "origin", "main");
}

const dropped = revision("2026-11-22T09:00:00Z", "9b4c7a10d2e5", "a1f0c3d2e4b5", [
  "comments go",
  "-- destructive: approved (dba: nobody reads it since 4.2)\nALTER TABLE orders DROP COLUMN comment;",
  "ALTER TABLE orders ADD COLUMN comment text;",
]);

const onFile = revision("2026-11-01T09:00:00Z", "5d2e8f60a1b3", null, [
  "orders",
  "CREATE TABLE orders (id integer PRIMARY KEY, customer text NOT NULL);",
  "DROP TABLE orders;",
]);

const localConfig = `import { defineConfig } from "aludel";

export default defineConfig({ schema: "schema.sql", dialect: "sqlite" });
`;

const firstPersons = `/**
 * persons
 *
 * Revision: a1f0c3d2e4b5
 * Revises: none
 * Created: 2026-11-01T09:00:00Z
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "a1f0c3d2e4b5",
  revises: null,
  async upgrade(op) {
    await op.createTable("persons", { id: t.integer(), name: t.text().notNull() }, { primaryKey: ["id"] });
  },
  async downgrade(op) {
    await op.dropTable("persons");
  },
});
`;

/** They stand for the tools of vendors, and take what those take. */
const vendors = {
  aws: `#!/bin/sh
case "$*" in *"--db-snapshot-identifier aludel-"*_*) exit 1 ;; esac
case "$1 $2 $3" in "rds create-db-snapshot "*|"rds wait db-snapshot-available") exit 0 ;; esac
exit 1
`,
  gcloud: `#!/bin/sh
[ "$1 $2 $3" = "sql backups list" ] && echo 1752000000000
[ "$1 $2" = "sql backups" ]
`,
  neon: `#!/bin/sh
[ "$1" = branches ]
`,
};

/** How the sections of emergency.md begin. */
interface Emergency {
  readonly before?: Readonly<Record<string, string>>;
  readonly pending?: Readonly<Record<string, string>>;
  /** The application does not get on with what is pending. */
  readonly fails?: boolean;
  /** It was deployed, with that end. */
  readonly deployed?: boolean;
  /** Somebody reads the table, and does not end. */
  readonly blocked?: boolean;
}

const emergencies: Readonly<Record<string, Emergency>> = {
  "Where things stand": { pending: noted, fails: true, deployed: true },
  "Roll the application back": { pending: noted, fails: true },
  Downgrade: {
    pending: revision("2026-11-22T09:00:00Z", "7c1e9d40b3a6", "a1f0c3d2e4b5", [
      "comments are remarks",
      "ALTER TABLE orders RENAME COLUMN comment TO remark;",
      "ALTER TABLE orders RENAME COLUMN remark TO comment;",
    ]),
    fails: true,
  },
  Restore: { pending: dropped, fails: true },
  "Only what is lost": { pending: dropped, fails: true },
  "Go on": {
    pending: revision("2026-11-22T09:00:00Z", "3f8a6b20c4d1", "a1f0c3d2e4b5", [
      "one order a customer",
      "CREATE UNIQUE INDEX CONCURRENTLY orders_customer_key ON orders (customer);",
      "DROP INDEX CONCURRENTLY orders_customer_key;",
    ]),
  },
  "Somebody is in the way": { pending: noted, blocked: true },
  "An hour later": { before: noted },
};

const shop = `CREATE TYPE status AS ENUM ('open', 'paid');
CREATE TABLE customers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  country text,
  street text
);
CREATE TABLE orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer,
  total integer NOT NULL,
  status status NOT NULL DEFAULT 'open',
  comment text
);`;

const rows = `INSERT INTO customers (name, street) SELECT 'customer ' || n, 'street ' || n FROM generate_series(1, 500) AS n;
INSERT INTO orders (customer_id, total) SELECT n, n FROM generate_series(1, 500) AS n`;

/** What changes in the models where a section of zero-downtime.md begins. */
const modelChanges: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  "Rename a column": [["  name text", "  full_name text"]],
  "Another type": [["total integer", "total bigint"]],
  "NOT NULL": [["country text", "country text NOT NULL"]],
  "Drop a column": [[",\n  comment text", ""]],
  "An index, a foreign key": [
    ["customer_id integer,", "customer_id integer REFERENCES customers (id),"],
    [
      "DEFAULT 'open'\n);",
      "DEFAULT 'open'\n);\nCREATE INDEX orders_customer_id_idx ON orders (customer_id);",
    ],
  ],
  "A value of an enum": [["'open', 'paid'", "'open', 'paid', 'refunded'"]],
};

const zeroConfig = `import { defineConfig, env } from "aludel";

export default defineConfig({
  schema: "schema.sql",
  environments: {
    production: {
      url: env("DATABASE_URL"),
      protected: true,
      preflight: { git: false },
      backup: { when: "never" },
    },
  },
});
`;

const confirmed = "deploy --env production --confirm production".split(" ");

const emergencyConfig = `import { defineConfig, env } from "aludel";

export default defineConfig({
  environments: {
    production: {
      url: env("DATABASE_URL"),
      protected: true,
      preflight: { git: false },
      timeouts: { lock: "200ms", retries: 1 },
      backup: { when: "destructive", folder: "backups" },
      smoke: [{ name: "the shop answers", command: "./smoke.sh" }],
    },
  },
});
`;

function writeFiles(folder: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const isPlayed = found !== null && process.platform !== "win32";

describe.skipIf(!isPlayed)(`the runbooks${why}`, { timeout: 300_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    vi.stubEnv("ALUDEL_TEST_POSTGRES", found ?? "");
    server = await startServer();
    await sql("postgres", "CREATE ROLE app LOGIN SUPERUSER PASSWORD 'secret'");
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.dispose();
  });

  const urlOf = (database: string) => `postgres://app:secret@${server.host}:${server.port}/${database}`;
  const sql = (database: string, text: string) =>
    on(server.url.replace(/\/postgres$/, `/${database}`), "/", (connection) => connection.run(text));

  /** A report that reads the orders and does not end, until somebody ends it. */
  async function readInto(url: string): Promise<void> {
    const text = "BEGIN; SELECT count(*) FROM orders; SELECT pg_sleep(120)";
    const report = spawn(join(found ?? "", "psql"), [`${url}?application_name=report`, "-c", text], {
      stdio: "ignore",
    });
    onTestFinished(() => void report.kill());
    const isThere = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'report' AND query ~ 'pg_sleep'`;
    await expect
      .poll(() => on(url, "/", async (connection) => (await connection.query(isThere))[0]?.["n"]))
      .toBe(1);
  }

  /** A project whose databases are on the server that its page calls `db.example.com`. */
  async function stage(
    files: Readonly<Record<string, string>>,
    databases: readonly string[],
    more: Partial<Stage> = {},
  ): Promise<Stage> {
    const folder = temporaryFolder({
      "package.json": '{ "type": "module" }',
      "aludel.config.ts": 'import { defineConfig } from "aludel";\nexport default defineConfig({});\n',
      ".gitignore": "node_modules\n.env\nbackups\nstaging.json\n",
      ...files,
    });
    linkPackages(folder);
    for (const one of databases) await sql("postgres", `DROP DATABASE IF EXISTS ${one} WITH (FORCE)`);
    for (const database of databases) await sql("postgres", `CREATE DATABASE ${database} OWNER app`);
    return {
      folder,
      commands: commandFolder(),
      variables: {
        PATH: found ?? "",
        ALUDEL_SCRATCH: urlOf("postgres"),
        DATABASE_URL: urlOf(databases[0] ?? "postgres"),
      },
      stands: { "db.example.com:5432": `${server.host}:${server.port}` },
      ...more,
    };
  }

  test("deploy.md", async () => {
    const page = "docs/runbooks/deploy.md";
    const at = await stage(
      {
        "schema.sql": orders,
        ...made,
        ...noted,
      },
      ["shop", "shop_staging"],
    );
    makeRepository(at.folder);
    const variables: Readonly<Record<string, string>> = {
      ...at.variables,
      STAGING_URL: urlOf("shop_staging"),
      ALUDEL_RECEIPT_KEY: "a key of the tests of the runbooks",
    };
    for (const url of [variables["DATABASE_URL"], variables["STAGING_URL"]]) {
      const { exit, stderr } = await aludel(at.folder, ["upgrade", "a1f0c3d2e4b5", "--url", url ?? ""]);
      expect(exit, stderr).toBe(0);
    }
    await playPage(page, { ...at, variables });
  });

  test("emergency.md", async () => {
    const page = "docs/runbooks/emergency.md";
    const at = await stage(
      {
        "aludel.config.ts": emergencyConfig,
        "smoke.sh": "#!/bin/sh\n[ ! -e fails ] || { echo 'the shop does not answer'; exit 1; }\n",
        "roll-back": "#!/bin/sh\nrm -f fails\n",
        ...made,
      },
      ["shop"],
    );
    for (const name of ["smoke.sh", "roll-back"]) chmodSync(join(at.folder, name), 0o755);
    const url = urlOf("shop");
    const enter = async (heading: string) => {
      if (heading === "On SQLite") {
        rmSync(join(at.folder, "revisions"), { recursive: true });
        writeFiles(at.folder, onFile);
        const { exit, stderr } = await aludel(at.folder, ["upgrade", "--url", "sqlite:./shop.db"]);
        expect(exit, stderr).toBe(0);
      }
      const next = emergencies[heading];
      if (next === undefined) return;
      rmSync(join(at.folder, "revisions"), { recursive: true });
      await sql("postgres", "DROP DATABASE IF EXISTS shop WITH (FORCE)");
      await sql("postgres", "CREATE DATABASE shop OWNER app");
      writeFiles(at.folder, { ...made, ...next.before });
      const { exit, stderr } = await aludel(at.folder, ["upgrade", "--url", url]);
      expect(exit, stderr).toBe(0);
      await sql(
        "shop",
        "INSERT INTO orders (customer, total, comment) VALUES ('Ada', 1, 'soon'), ('Ada', 2, 'later')",
      );
      writeFiles(at.folder, next.pending);
      rmSync(join(at.folder, "fails"), { force: true });
      if (next.fails) writeFiles(at.folder, { fails: "" });
      if (next.deployed) await aludel(at.folder, confirmed, { variables: at.variables });
      if (next.blocked) await readInto(url);
    };
    await playPage(page, { ...at, enter });
  });

  test("zero-downtime.md", async () => {
    const page = "docs/runbooks/zero-downtime.md";
    const at = await stage(
      {
        "aludel.config.ts": zeroConfig,
        "schema.sql": shop,
        ...revision("2026-11-01T09:00:00Z", "a1f0c3d2e4b5", null, [
          "shop",
          shop,
          "DROP TABLE orders;\nDROP TABLE customers;\nDROP TYPE status;",
        ]),
      },
      ["shop_in_use"],
    );
    const { exit, stderr } = await aludel(at.folder, ["upgrade", "--env", "production"], {
      variables: at.variables,
    });
    expect(exit, stderr).toBe(0);
    await sql("shop_in_use", rows);
    await playPage(page, {
      ...at,
      enter: (heading) => {
        const models = join(at.folder, "schema.sql");
        for (const [from, to] of modelChanges[heading] ?? []) {
          const before = readFileSync(models, "utf8");
          expect(before).toContain(from);
          writeFileSync(models, before.replaceAll(from, to));
        }
      },
    });
  });

  test("taking-over.md", async () => {
    const page = "docs/runbooks/taking-over.md";
    const at = await stage({}, []);
    const enter = async (heading: string) => {
      const next = managed[heading];
      if (next === undefined) return;
      rmSync(join(at.folder, "revisions"), { recursive: true, force: true });
      for (const name of ["shop.db", "new.db"]) rmSync(join(at.folder, name), { force: true });
      writeFiles(at.folder, next.files);
      await on("sqlite:./shop.db", at.folder, (connection) => connection.run(next.script));
    };
    await playPage(page, { ...at, enter });
  });

  test("local-development.md", async () => {
    const page = "docs/runbooks/local-development.md";
    const persons = "CREATE TABLE persons (id integer PRIMARY KEY, name text NOT NULL);";
    const at = await stage(
      {
        ".gitignore": "node_modules\n*.db\n",
        "aludel.config.ts": localConfig,
        "schema.sql": `${persons}\n`,
        "revisions/20261101090000_persons.ts": firstPersons,
      },
      [],
    );
    makeRepository(at.folder);
    const { DATABASE_URL: _, ...variables } = at.variables;
    await playPage(page, {
      ...at,
      variables,
      enter: (heading) => {
        if (heading !== "Somebody else had a revision, too") return;
        writeFiles(
          at.folder,
          revision("2026-11-20T09:00:00Z", "c0ffee123456", "a1f0c3d2e4b5", [
            "cities",
            "CREATE TABLE cities (id integer PRIMARY KEY);",
            "DROP TABLE cities;",
          ]),
        );
        const models = readFileSync(join(at.folder, "schema.sql"), "utf8");
        writeFiles(at.folder, { "schema.sql": `${models}CREATE TABLE cities (id integer PRIMARY KEY);\n` });
      },
    });
  });

  test("platforms.md", async () => {
    const page = "docs/runbooks/platforms.md";
    const at = await stage({ "aludel.config.ts": emergencyConfig, ...made }, ["shop"], {
      commands: commandFolder(vendors),
    });
    const pooled = await startPooler(urlOf("shop"));
    const variables = {
      ...at.variables,
      DIRECT_URL: urlOf("shop"),
      DATABASE_URL: pooled,
      GUEST_URL: urlOf("shop").replace("app:", "guest:"),
    };
    const { exit, stderr } = await aludel(at.folder, ["upgrade", "--url", urlOf("shop")]);
    expect(exit, stderr).toBe(0);
    writeFiles(at.folder, noted);
    await sql(
      "shop",
      "CREATE ROLE guest LOGIN PASSWORD 'secret'; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO guest",
    );
    const stands = { ...at.stands, "pooler.example.com:6432": new URL(pooled).host };
    await playPage(page, { ...at, variables, stands });
  });

  test("what is not run are the tools of others", () => {
    const pages = readdirSync(join(root, "docs/runbooks")).map((name) => `docs/runbooks/${name}`);
    expect(pages.flatMap(elsewhereOf)).toEqual([
      "docs/runbooks/taking-over.md: drizzle-kit: $ npx drizzle-kit migrate",
      "docs/runbooks/taking-over.md: prisma: $ npx prisma migrate status",
      "docs/runbooks/taking-over.md: prisma: $ npx prisma db pull",
      "docs/runbooks/taking-over.md: alembic: $ alembic current --check-heads",
    ]);
  });
});
