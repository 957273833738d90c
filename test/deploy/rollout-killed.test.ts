import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Connection } from "../../src/dialect/connection.js";
import { on, revisions, type TestProject, testProject } from "../run/project.js";

// `node scripts/rollout.mjs` sets them to 1,000 and 500.
const counts = {
  postgres: Number(process.env["ROLLOUT_SCHEMAS"] ?? 20),
  sqlite: Number(process.env["ROLLOUT_FILES"] ?? 10),
};
const isLarge = counts.postgres > 20;
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

type Engine = keyof typeof counts;

/** Each writes down that it ran; the third is no part of a transaction where the engine has such statements. */
const files = (engine: Engine) =>
  revisions(
    {
      id: "aaaa",
      up: 'await op.execute("CREATE TABLE steps (n integer NOT NULL)"); await op.execute("INSERT INTO steps VALUES (1)");',
    },
    {
      id: "bbbb",
      revises: "aaaa",
      up: 'await op.createTable("persons", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] }); await op.execute("INSERT INTO steps VALUES (2)");',
    },
    {
      id: "cccc",
      revises: "bbbb",
      up: `await op.createIndex("persons_name", "persons", ["name"]${engine === "postgres" ? ", { concurrently: true }" : ""}); await op.execute("INSERT INTO steps VALUES (3)");`,
    },
    {
      id: "dddd",
      revises: "cccc",
      up: 'await op.execute("INSERT INTO steps VALUES (4)"); await op.execute("CREATE TABLE taken (n integer)");',
    },
  );

const namesOf = (engine: Engine) =>
  Array.from({ length: counts[engine] }, (_, at) => `tenant${String(at).padStart(4, "0")}`);

interface Fleet {
  readonly engine: Engine;
  readonly project: TestProject;
  readonly names: readonly string[];
  /** Calls `use` with a session in each tenant, one after the other. */
  readonly each: (use: (connection: Connection, name: string) => Promise<void>) => Promise<void>;
}

/** A fleet of empty tenants; one of them has something in the way of the last revision. */
async function fleetOf(engine: Engine): Promise<Fleet> {
  const project = await testProject(engine, files(engine));
  const names = namesOf(engine);
  const fleet = engine === "sqlite" ? { files: "*.tenant.db" } : { schemas: names };
  const config = { environments: { main: { url: project.url } }, fleet: { ...fleet, parallel: 4 } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  if (engine === "sqlite") {
    for (const name of names) writeFileSync(join(project.folder, `${name}.tenant.db`), "");
    const each: Fleet["each"] = async (use) => {
      for (const name of names)
        await on(`sqlite:${name}.tenant.db`, project.folder, (file) => use(file, name));
    };
    return { engine, project, names, each };
  }
  await project.execute(names.map((name) => `CREATE SCHEMA ${name}`).join("; "));
  const each: Fleet["each"] = (use) =>
    on(project.url, project.folder, async (connection) => {
      for (const name of names) {
        await connection.run(`SET search_path = ${name}`);
        await use(connection, name);
      }
    });
  return { engine, project, names, each };
}

/** Kilobytes of memory that a process has taken at most; `null` where the system does not tell. */
function peakOf({ pid }: ChildProcess): number | null {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return null;
  }
}

interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly upgraded: number;
  /** Kilobytes, by how many tenants were upgraded then. */
  readonly memory: ReadonlyMap<number, number>;
}

/** Rolls out, and kills the process when so many tenants are upgraded. */
async function rollout({ project }: Fleet, killAfter = Number.POSITIVE_INFINITY): Promise<Ran> {
  const child = spawn(process.execPath, [main, "rollout", "--max-failures", "1", "--json"], {
    cwd: project.folder,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const memory = new Map<number, number>();
  let [stdout, stderr, upgraded] = ["", "", 0];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
    const now = stderr.match(/^upgraded /gm)?.length ?? 0;
    for (const mark of [100, 500, 950])
      if (upgraded < mark && now >= mark) memory.set(mark, peakOf(child) ?? 0);
    upgraded = now;
    if (upgraded >= killAfter) child.kill("SIGKILL");
  });
  const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exit, stdout, upgraded, memory };
}

const answerOf = ({ stdout }: Ran) => JSON.parse(stdout) as Readonly<Record<string, number>>;

/** Every tenant has every revision, and each step ran once. */
async function expectDone({ engine, each }: Fleet): Promise<void> {
  await each(async (connection, name) => {
    const rows = async (sql: string) =>
      (await connection.query(sql)).map((row) => Object.values(row).map(String));
    expect(await rows("SELECT version_num FROM aludel_version"), name).toEqual([["dddd"]]);
    expect(await rows("SELECT n FROM steps ORDER BY n"), name).toEqual([["1"], ["2"], ["3"], ["4"]]);
    expect(
      await rows(
        "SELECT revision, count(*) FROM aludel_run_log WHERE result = 'succeeded' GROUP BY revision ORDER BY revision",
      ),
      name,
    ).toEqual(["aaaa", "bbbb", "cccc", "dddd"].map((id) => [id, "1"]));
    const indexes =
      engine === "sqlite"
        ? "SELECT name FROM sqlite_schema WHERE name = 'persons_name'"
        : `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname ~ 'persons_name' AND i.indisvalid`;
    expect(await rows(indexes), name).toEqual([["persons_name"]]);
  });
}

test.each(["sqlite", "postgres"] as const)(
  "on %s a rollout that is killed twice and has a tenant that fails is gone on with, and each step ran once",
  async (engine) => {
    const fleet = await fleetOf(engine);
    const { names } = fleet;
    const broken = names[Math.floor(names.length / 2)];
    await fleet.each(async (connection, name) => {
      if (name === broken) await connection.run("CREATE VIEW taken AS SELECT 1 AS n");
    });
    const killed: Ran[] = [];
    for (const share of [0.3, 0.6]) {
      const before = killed.reduce((sum, { upgraded }) => sum + upgraded, 0);
      const ran = await rollout(fleet, Math.ceil(names.length * share) - before);
      expect(ran.exit, "it was killed").toBe(null);
      killed.push(ran);
    }
    const last = await rollout(fleet);
    expect(last.exit).toBe(2);
    const answer = answerOf(last);
    expect(answer).toMatchObject({ failed: 1, notBegun: 0 });
    // What was at the last commit when the process was killed is told by nobody.
    const told = killed.reduce((sum, { upgraded }) => sum + upgraded, 0);
    expect(Number(answer["upgraded"]) + Number(answer["unchanged"])).toBe(names.length - 1);
    expect(Number(answer["unchanged"])).toBeGreaterThanOrEqual(told);

    await fleet.each(async (connection, name) => {
      if (name === broken) await connection.run("DROP VIEW taken");
    });
    const mended = await rollout(fleet);
    expect(mended.exit).toBe(0);
    expect(answerOf(mended)).toMatchObject({ upgraded: 1, unchanged: names.length - 1, failed: 0 });
    await expectDone(fleet);
    if (isLarge) tell(engine, names.length, killed, answer);
  },
  isLarge ? 3_600_000 : 60_000,
);

function tell(engine: Engine, count: number, killed: readonly Ran[], answer: object): void {
  const after = killed.map(({ upgraded }) => upgraded).join(" and ");
  console.log(
    `${engine}: ${count} tenants, killed after ${after}; then ${JSON.stringify({ ...answer, databases: undefined })}`,
  );
}

test.runIf(isLarge)(
  "the memory of a rollout does not grow with the tenants",
  async () => {
    const ran = await rollout(await fleetOf("postgres"));
    expect(ran.exit).toBe(0);
    console.log(`kilobytes after so many tenants: ${JSON.stringify([...ran.memory])}`);
    const [[, first] = [0, 0], ...others] = [...ran.memory];
    for (const [, kilobytes] of others) expect(kilobytes).toBeLessThan(first * 1.25);
  },
  3_600_000,
);
