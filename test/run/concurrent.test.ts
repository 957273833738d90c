import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { revisions, testProject } from "./project.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

function upgrade(folder: string): Promise<{ exit: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, "upgrade", "--lock-timeout", "100s"], { cwd: folder });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (text.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (text.stderr += data.toString()));
  return new Promise((resolve) => child.on("close", (exit) => resolve({ exit, ...text })));
}

/** Slow enough that all are there while it runs. */
const slow = {
  sqlite:
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) INSERT INTO seen SELECT max(i) FROM n",
  postgres: "INSERT INTO seen SELECT 1000000 FROM pg_sleep(0.5)",
};

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test.each([20])(
    "%i processes at once: each revision runs once, the others wait and find nothing to do",
    async (count) => {
      // Who waited inside a statement would keep this one from ending, and it would keep them.
      const concurrently = 'await op.createIndex("ix_seen", "seen", ["n"], { concurrently: true });';
      const ids = ["aaaa", "bbbb", "cccc", "dddd"];
      const project = await testProject(
        engine,
        revisions(
          ...ids.map((id, at) => ({
            id,
            revises: ids[at - 1] ?? null,
            up: `${at === 0 ? 'await op.execute("CREATE TABLE seen (n integer)");' : ""} await op.execute(${JSON.stringify(slow[engine])}); ${id === "bbbb" ? concurrently : ""}`,
          })),
        ),
      );
      expect(existsSync(main)).toBe(true);
      const results = await Promise.all(Array.from({ length: count }, () => upgrade(project.folder)));
      expect(results.map(({ exit, stderr }) => ({ exit, stderr })).filter(({ exit }) => exit !== 0)).toEqual(
        [],
      );
      const worked = results.filter(({ stdout }) => stdout.startsWith("4 revisions"));
      const idle = results.filter(({ stdout }) => stdout.startsWith("Nothing to do"));
      expect([worked.length, idle.length]).toEqual([1, count - 1]);
      expect(await project.rows()).toEqual(["dddd"]);
      expect((await project.log()).map((row) => row["revision"])).toEqual(ids);
      expect(await project.query("SELECT n FROM seen")).toHaveLength(4);
      const [seen] = (await project.inspect()).tables.values();
      expect(seen?.indexes.map(({ name }) => name)).toEqual(["ix_seen"]);
      expect(readdirSync(project.folder).filter((name) => name.includes("lock"))).toEqual([]);
    },
    120_000,
  );

  test("who does not want to wait is told who is at work", async () => {
    const signs = mkdtempSync(join(tmpdir(), "aludel-signs-"));
    const [atWork, mayEnd] = [join(signs, "at work"), join(signs, "may end")];
    const project = await testProject(
      engine,
      revisions({
        id: "aaaa",
        up: `const { existsSync, writeFileSync } = await import("node:fs");
          await op.execute("CREATE TABLE seen (n integer)");
          writeFileSync(${JSON.stringify(atWork)}, "");
          while (!existsSync(${JSON.stringify(mayEnd)})) await new Promise((done) => setTimeout(done, 20));`,
      }),
    );
    const first = project.run("upgrade");
    while (!existsSync(atWork)) await new Promise((done) => setTimeout(done, 20));
    const second = await project.run("upgrade --lock-timeout 0s");
    expect(second.exit).toBe(2);
    expect(second.stderr).toContain("error[lock-timeout]");
    expect(second.stderr).toMatch(/process \d+/);
    const stop = new AbortController();
    const third = project.run("upgrade", { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    // It would wait for as long as the first one works.
    const interrupted = await third;
    expect(interrupted.exit).toBe(2);
    expect(interrupted.stderr).toContain("error[interrupted]");
    writeFileSync(mayEnd, "");
    expect(await first).toMatchObject({ exit: 0 });
    expect(await project.log()).toHaveLength(1);
  });
});
