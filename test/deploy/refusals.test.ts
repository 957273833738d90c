import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { signReceipt } from "../../src/deploy/receipt.js";
import { readRevision } from "../../src/revision/read-header.js";
import { commit, git } from "../cli/git.js";
import { type Engine, projectAt, revision, revisions, type TestProject } from "../run/project.js";
import { sharedServer, startServer, type TestServer } from "../server/postgres-server.js";
import { startPooler } from "./pooler.js";
import { configure, first, index } from "./project.js";
import { stateOf } from "./state-of.js";

/** A project with one database at its first revision, and another to come. */
interface Place {
  readonly engine: Engine;
  readonly project: TestProject;
  /** Of another database, at the first revision, too. */
  readonly staging: string;
  /** Writes the configuration with these settings of `production`. */
  readonly set: (settings: object, more?: object) => void;
}

/** What is given to the command line, the code that it is refused with, and which check of a preflight says so. */
type Refused = readonly [line: string, code: string, check?: string];

interface Refusal {
  readonly name: string;
  readonly only?: Engine;
  /** Brings it about, and says what is refused then; `onTestFinished` puts it right again. */
  readonly arrange: (place: Place) => Promise<readonly Refused[]> | readonly Refused[];
}

const deploy = "deploy --env production";
const preflight = (check: string): Refused => [deploy, "preflight-failed", check];
const key = "0123456789abcdef";
const dropping = revision({
  id: "cccc",
  revises: "bbbb",
  up: 'await op.dropColumn("persons", "name");',
  down: null,
});

/** A file of the project that is there during one test. */
function write(project: TestProject, name: string, text: string): void {
  project.write(name, text);
  onTestFinished(() => project.remove(name));
}

function writeReceipt(project: TestProject, revisions: Readonly<Record<string, string>>, signedWith = key) {
  const identity = { host: null, database: "staging", systemIdentifier: null };
  const finishedAt = new Date().toISOString();
  const said = { version: 1, environment: "staging", identity, revisions, smoke: null } as const;
  write(project, "receipt.json", signReceipt({ ...said, finishedAt, commit: null }, signedWith));
}

/** `production` requires `staging`. */
function requireStaging({ project, set, staging }: Place): void {
  const production = { url: project.url, preflight: { git: false }, requires: "staging" };
  const environments = { production, staging: { url: staging, preflight: { git: false } } };
  set({}, { environments, receiptKey: { variable: "NOT_SET", fallback: key } });
}

function checksumOf({ project }: Place, id: string): string {
  const file = join(project.folder, `revisions/${id}.ts`);
  return readRevision(file, readFileSync(file, "utf8")).checksum;
}

const refusals: readonly Refusal[] = [
  {
    name: "another database than the environment's",
    arrange: async ({ engine, project, set }) => {
      const identity = engine === "sqlite" ? { database: "other.db" } : { systemIdentifier: "1" };
      set({ identity, smoke: [{ query: "SELECT 1" }] });
      const commands = ["upgrade", "downgrade -1", "stamp head", "ensure-version", "seed", "backup"];
      const more = ["backfill pause", "smoke-test", deploy, "upgrade --approve 0123456789abcdef"];
      write(project, "seeds/one.sql", "INSERT INTO persons (id) VALUES (1);");
      return [...commands, ...more].map((line): Refused => [line, "wrong-database"]);
    },
  },
  {
    name: "what staging does not have",
    arrange: (place) => {
      requireStaging(place);
      return [preflight("requires")];
    },
  },
  {
    name: "a receipt that was changed",
    arrange: async (place) => {
      requireStaging(place);
      writeReceipt(place.project, { bbbb: checksumOf(place, "bbbb") });
      const file = join(place.project.folder, "receipt.json");
      writeFileSync(file, readFileSync(file, "utf8").replace("staging", "Staging"));
      return [[`${deploy} --receipt receipt.json`, "receipt-invalid"]];
    },
  },
  {
    name: "a receipt that somebody else has signed",
    arrange: async (place) => {
      requireStaging(place);
      writeReceipt(place.project, { bbbb: checksumOf(place, "bbbb") }, `${key}0`);
      return [[`${deploy} --receipt receipt.json`, "receipt-invalid"]];
    },
  },
  {
    name: "a receipt for another text of the revision",
    arrange: (place) => {
      requireStaging(place);
      writeReceipt(place.project, { bbbb: "0".repeat(64) });
      return [[`${deploy} --receipt receipt.json`, "preflight-failed", "requires"]];
    },
  },
  {
    name: "a downgrade, a stamp and a rollout where it is protected",
    arrange: ({ engine, set }) => {
      const query = engine === "sqlite" ? "SELECT 'sqlite:dev.db' AS url" : "SELECT 'public' AS schema";
      set({ protected: true }, { fleet: { query } });
      const lines = ["downgrade -1", "downgrade base", "stamp base", "stamp --purge head", "rollout"];
      return lines
        .flatMap((line) => [line, `${line} --confirm staging`])
        .map((line): Refused => [line, "environment-protected"]);
    },
  },
  {
    name: "a backup in its place where it is protected",
    only: "sqlite",
    arrange: async ({ project, set }) => {
      const made = await project.json("backup --folder elsewhere");
      set({ protected: true });
      const { path } = made.answer as { path: string };
      return [[`restore ${path} --replace`, "environment-protected"]];
    },
  },
  {
    name: "what destroys where it is protected",
    arrange: ({ project, set }) => {
      set({ protected: true });
      write(project, "revisions/cccc.ts", dropping);
      const lines = ["upgrade", "upgrade --confirm staging", deploy, `${deploy} --confirm staging`];
      return lines.map((line): Refused => [line, "environment-protected"]);
    },
  },
  {
    name: "what others were squashed into where it is protected",
    arrange: async ({ project, set }) => {
      set({ protected: true });
      mkdirSync(join(project.folder, "revisions/_squashed/bbbb"), { recursive: true });
      onTestFinished(() => rmSync(join(project.folder, "revisions/_squashed"), { recursive: true }));
      return [
        ["upgrade", "environment-protected"],
        [deploy, "environment-protected"],
      ];
    },
  },
  {
    name: "a protected environment that nobody has named",
    arrange: ({ set }) => {
      set({ protected: true });
      return [["deploy", "preflight-failed", "environment"]];
    },
  },
  {
    name: "the approval of another plan",
    arrange: async ({ project, set }) => {
      set({ protected: true });
      const { answer } = await project.json("plan");
      write(project, "revisions/cccc.ts", dropping);
      return ["0123456789abcdef", String(answer["token"])].flatMap((token): Refused[] => [
        [`upgrade --approve ${token}`, "plan-changed"],
        [`${deploy} --approve ${token}`, "plan-changed"],
      ]);
    },
  },
  {
    name: "a working tree that is not clean",
    arrange: ({ project, set }) => {
      set({ preflight: {} });
      git(project.folder, "init", "-q", "-b", "main");
      git(project.folder, "init", "-q", "--bare", "remote");
      onTestFinished(() => rmSync(join(project.folder, ".git"), { recursive: true }));
      write(project, ".gitignore", "*.db\nremote\nelsewhere\n");
      commit(project.folder, "all");
      git(project.folder, "remote", "add", "origin", "./remote");
      git(project.folder, "push", "-q", "origin", "main");
      write(project, "notes.txt", "not committed");
      return [preflight("git")];
    },
  },
  {
    name: "files that are not those of aludel.sum",
    arrange: async ({ project, set }) => {
      set({}, { sum: true });
      await project.run("validate --fix-sum");
      onTestFinished(() => project.remove("revisions/aludel.sum"));
      project.write("revisions/bbbb.ts", revision({ ...index, up: `${index.up} /* and more */` }));
      onTestFinished(() => project.write("revisions/bbbb.ts", revision(index)));
      return [preflight("sums"), ["upgrade", "sum-mismatch"]];
    },
  },
  {
    name: "a revision that was edited after it ran",
    arrange: ({ project, set }) => {
      set({});
      const { up = "" } = first;
      project.write("revisions/aaaa.ts", revision({ ...first, up: `${up} /* and more */` }));
      onTestFinished(() => project.write("revisions/aaaa.ts", revision(first)));
      return [
        ["upgrade", "revision-edited"],
        [deploy, "revision-edited"],
      ];
    },
  },
  {
    name: "a database that somebody has changed by hand",
    arrange: async ({ project, set }) => {
      set({});
      await project.execute("ALTER TABLE persons ADD COLUMN extra text");
      onTestFinished(() => project.execute("ALTER TABLE persons DROP COLUMN extra"));
      return [preflight("drift")];
    },
  },
  {
    name: "a backup that cannot be verified",
    arrange: ({ set }) => {
      const commands = { create: "node -e 0", verify: "node -e process.exit(3)", restore: "ask for {name}" };
      set({ backup: { when: "always", ...commands } });
      return [
        [deploy, "backup-failed"],
        [`${deploy} --only backup`, "backup-failed"],
        ["backup", "backup-failed"],
      ];
    },
  },
  {
    name: "a volume that has no room",
    only: "sqlite",
    arrange: ({ project, set }) => {
      set({});
      const file = join(project.folder, "dev.db");
      const { size } = statSync(file);
      // A file with a hole takes up no room, and has a size all the same.
      truncateSync(file, 2 ** 42);
      onTestFinished(() => truncateSync(file, size));
      return [preflight("room")];
    },
  },
  {
    name: "a user who may not do it",
    only: "postgres",
    arrange: async ({ project, set }) => {
      await project.execute(
        "CREATE ROLE stranger LOGIN PASSWORD 'x'; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO stranger",
      );
      onTestFinished(() => project.execute("DROP OWNED BY stranger; DROP ROLE stranger"));
      const url = new URL(project.url);
      url.username = "stranger";
      url.password = "x";
      set({ url: url.href });
      return [preflight("privileges")];
    },
  },
  {
    name: "a pooler that swaps sessions",
    only: "postgres",
    arrange: async ({ project, set }) => {
      const url = await startPooler(project.url);
      write(project, "seeds/one.sql", "INSERT INTO persons (id) VALUES (1);");
      set({ url });
      const lines = ["upgrade", "downgrade -1", "stamp head", "seed", "backup"];
      return [preflight("sessions"), ...lines.map((line): Refused => [line, "sessions-swapped"])];
    },
  },
];

const engines = ["sqlite", "postgres"] as const;

describe.each(engines)("on %s", (engine) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "aludel-test-")));
  let server: TestServer | null = null;
  let scratch: string | undefined;
  let place: Place;

  beforeAll(async () => {
    if (engine === "postgres") {
      // Whoever else would use this one would be taken for somebody who was refused and writes.
      [server, scratch] = [await startServer(), (await sharedServer()).url];
    }
    const [url, staging] = [await newDatabase("dev"), await newDatabase("staging")];
    const project = projectAt(folder, url);
    for (const name of ["revisions", "seeds"]) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries(revisions(first, index))) project.write(name, text);
    const set: Place["set"] = (settings, more = {}) => configure(project, settings, { scratch, ...more });
    place = { engine, project, staging, set };
    requireStaging(place);
    for (const name of ["staging", "production"])
      expect((await project.run(`upgrade aaaa --env ${name}`)).exit, name).toBe(0);
  }, 60_000);

  afterAll(async () => {
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const newDatabase = async (name: string): Promise<string> =>
    (await server?.createDatabase())?.url ?? `sqlite:${name}.db`;

  /** Runs each line, and expects the error and the database to be what it was. */
  async function expectRefused({ project }: Place, refused: readonly Refused[]): Promise<void> {
    const before = await stateOf(engine, project.url, folder);
    for (const [line, code, check] of refused) {
      const { answer } = await project.json(line);
      expect(await stateOf(engine, project.url, folder), line).toEqual(before);
      const { error } = answer as { error?: { code: string; data?: { checks?: readonly Checked[] } } };
      expect(error?.code, line).toBe(code);
      const failed = error?.data?.checks?.filter(({ verdict }) => verdict === "failed");
      if (check !== undefined)
        expect(
          failed?.map(({ name }) => name),
          line,
        ).toEqual([check]);
    }
  }

  const here = refusals.filter(({ only = engine }) => only === engine);
  test.each(here.map(({ name, arrange }) => [name, arrange] as const))(
    "%s is refused, and nothing that changes anything was executed",
    async (_name, arrange) => expectRefused(place, await arrange(place)),
  );

  test("who is refused leaves nothing in an empty database", async () => {
    const { set, project } = place;
    const url = await newDatabase("empty");
    const empty = projectAt(folder, url);
    const commands = { create: "node -e 0", verify: "node -e process.exit(3)", restore: "ask for {name}" };
    await empty.execute("SELECT 1");
    set({ url, backup: { when: "always", ...commands } });
    await expectRefused({ ...place, project: empty }, [
      ["upgrade --approve 0123456789abcdef", "plan-changed"],
      [deploy, "backup-failed"],
      [`${deploy} --approve 0123456789abcdef`, "plan-changed"],
    ]);
    write(project, "revisions/cccc.ts", `${dropping}\nthrow new Error("no");`);
    await expectRefused({ ...place, project: empty }, [["upgrade", "revision-unreadable"]]);
  });

  test("what is not refused is seen, and on a server even what was rolled back", async () => {
    const { project, set } = place;
    const state = () => stateOf(engine, project.url, folder);
    const before = await state();
    expect(await state()).toEqual(before);
    await project.execute(
      engine === "sqlite" ? "DELETE FROM persons; UPDATE persons SET id = 1" : "SELECT 1",
    );
    if (engine === "postgres") await project.execute("BEGIN; CREATE TABLE other (id integer); ROLLBACK");
    else await project.execute("CREATE TABLE other (id integer); DROP TABLE other");
    expect(await state()).not.toEqual(before);
    set({});
    const { answer } = await project.json(deploy);
    expect(answer).toMatchObject({ executed: [{ revision: "bbbb" }] });
  });

  test.runIf(engine === "postgres")(
    "a replica is refused, and stays what the primary made of it",
    async () => {
      const { project, set } = place;
      set({});
      expect((await project.run("downgrade -1")).exit).toBe(0);
      await server?.stop();
      // A server that finds this follows another one, here one that never sends anything.
      writeFileSync(join(server?.socketDirectory ?? "", "data/standby.signal"), "");
      await server?.start();
      expect(await project.query("SELECT pg_is_in_recovery() AS yes")).toEqual([{ yes: true }]);
      const unwritable = ["upgrade", "downgrade -1", "stamp head"].map(
        (line): Refused => [line, "database-unwritable"],
      );
      await expectRefused(place, [preflight("server"), ...unwritable]);
    },
  );
});

interface Checked {
  readonly name: string;
  readonly verdict: string;
}
