import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRepository, persons } from "../gate/repository.js";
import { temporaryFolder } from "../temporary-folder.js";
import { git } from "./git.js";
import { aludel } from "./run.js";
import { readYaml } from "./yaml.js";

const withPhone = persons.replace("email: text(),", "email: text(),\n  phone: text(),");

function project(files: Readonly<Record<string, string>>, dialect = "postgres", inside = "") {
  const config = JSON.stringify({ schema: "models.ts", dialect });
  const top = temporaryFolder({ ...files, [join(inside, "aludel.config.json")]: config });
  git(top, "init", "-q", "-b", "main");
  return { top, folder: join(top, inside), text: (file: string) => readFileSync(join(top, file), "utf8") };
}

const workflows = {
  github: ".github/workflows/aludel.yml",
  gitlab: ".gitlab-ci.yml",
  circleci: ".circleci/config.yml",
} as const;
const providers = Object.keys(workflows) as (keyof typeof workflows)[];

const managers = [
  ["package-lock.json", "", "npm ci", "npx --no-install aludel ci"],
  ["pnpm-lock.yaml", "", "pnpm install --frozen-lockfile", "pnpm exec aludel ci"],
  ["yarn.lock", "__metadata:\n", "yarn install --immutable", "yarn run aludel ci"],
  ["yarn.lock", "# yarn lockfile v1\n", "yarn install --frozen-lockfile", "yarn run aludel ci"],
  ["bun.lock", "", "bun install --frozen-lockfile", "bun run aludel ci"],
  ["README", "", "npm install", "npx --no-install aludel ci"],
] as const;

describe("init --ci", () => {
  test.each(providers.flatMap((provider) => managers.map((manager) => [provider, ...manager] as const)))(
    "%s with %s",
    async (provider, lock, content, install, gate) => {
      const inside = `a "b" 'c'`;
      const { text, folder } = project({ [lock]: content }, "postgres", inside);
      const first = await aludel(folder, ["init", "--ci", provider]);
      expect([first.exit, first.stderr]).toEqual([0, expect.stringContaining("wrote ")]);
      const written = text(workflows[provider]);
      const all = JSON.stringify(readYaml(written));
      expect(all).toContain(install);
      expect(all).toContain(gate);
      expect(all).toContain("postgres:17");
      expect(all).toContain("ALUDEL_SCRATCH");
      expect(/cache(?!Variable|-)/i.test(all.replace(/package-cache|_CACHE_\w+|_cache/g, ""))).toBe(
        lock !== "README" && provider !== "circleci",
      );
      const again = await aludel(folder, ["init", "--ci", provider, "--json"]);
      expect([again.exit, JSON.parse(again.stdout).files[0].written]).toEqual([0, false]);
      expect(again.stderr).toContain("is there already");
    },
  );

  test("the steps of GitHub's, whole", async () => {
    const { top, text } = project({ "package-lock.json": "{}" });
    expect((await aludel(top, ["init", "--ci", "github"])).exit).toBe(0);
    expect(readYaml(text(workflows.github))).toMatchObject({
      on: { pull_request: null },
      jobs: {
        aludel: {
          services: { postgres: { image: "postgres:17", ports: ["5432:5432"] } },
          env: {
            ALUDEL_SCRATCH: "postgres://postgres:postgres@localhost:5432/postgres",
            BASE: ["$", "{{ format('origin/{0}', github.base_ref) }}"].join(""),
          },
          steps: [
            { uses: "actions/checkout@v4", with: { "fetch-depth": "0" } },
            {
              uses: "actions/setup-node@v4",
              with: { "node-version": "22", cache: "npm", "cache-dependency-path": "package-lock.json" },
            },
            { run: "npm ci" },
            { run: 'npx --no-install aludel ci --base "$BASE" --format github' },
          ],
        },
      },
    });
  });

  test.each(providers)("%s: no server for SQLite; what is there is left as it is", async (provider) => {
    const { top, text } = project({}, "sqlite");
    expect((await aludel(top, ["init", "--ci", provider])).exit).toBe(0);
    expect(text(workflows[provider])).not.toMatch(/postgres|ALUDEL_SCRATCH/);
    writeFileSync(join(top, workflows[provider]), "mine: 1\n");
    const { exit, stderr } = await aludel(top, ["init", "--ci", provider, "--hooks"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("aludel ci")]);
    expect([text(workflows[provider]), existsSync(join(top, ".git/hooks/pre-commit"))]).toEqual([
      "mine: 1\n",
      false,
    ]);
  });
});

describe("what a new configuration is, and what goes with it", () => {
  const models = { "models.ts": persons };

  test("are written by one command", async () => {
    const folder = temporaryFolder({ ...models, "package.json": "{}" });
    git(folder, "init", "-q", "-b", "trunk");
    const made = await aludel(
      folder,
      "init --schema models.ts --dialect sqlite --ci circleci --scripts --yes --json".split(" "),
    );
    expect([made.exit, JSON.parse(made.stdout)]).toMatchObject([
      0,
      { dialect: "sqlite", files: [{ written: true }, { written: true }] },
    ]);
    expect(readFileSync(join(folder, "package.json"), "utf8")).toContain("aludel upgrade");
    const workflow = readYaml(readFileSync(join(folder, workflows.circleci), "utf8"));
    expect(workflow).toMatchObject({ parameters: { base: { type: "string", default: "main" } } });
    expect(JSON.stringify(workflow)).toContain('aludel ci --base \\"origin/$BASE\\"');
  });

  test("options of a new one are refused where there is one; --yes is none", async () => {
    const { top } = project(models, "sqlite");
    const refused = await aludel(top, ["init", "--ci", "github", "--schema", "models.ts", "--stamp"]);
    expect([refused.exit, refused.stderr]).toEqual([
      2,
      expect.stringContaining("error[usage] --schema, --stamp: for a new configuration"),
    ]);
    expect(existsSync(join(top, workflows.github))).toBe(false);
    expect((await aludel(top, ["init", "--ci", "github", "--yes"])).exit).toBe(0);
  });

  test("the engine is told by the scratch databases, or has to be said", async () => {
    const config = { schema: "models.ts", environments: { production: "$NOWHERE" } };
    const folder = temporaryFolder({ ...models, "aludel.config.json": JSON.stringify(config) });
    const open = await aludel(folder, ["init", "--ci", "github"]);
    expect([open.exit, open.stderr]).toEqual([
      2,
      expect.stringMatching(/config-invalid.*which engine[\s\S]*Add dialect: "postgres" or "sqlite"/),
    ]);
    writeFileSync(join(folder, "aludel.config.json"), JSON.stringify({ ...config, scratch: "pglite:" }));
    const told = await aludel(folder, ["init", "--ci", "github"]);
    expect([told.exit, told.stderr]).toEqual([0, expect.stringContaining('add dialect: "postgres"')]);
  });
});

/** What a package manager puts there. */
function install(folder: string): void {
  mkdirSync(join(folder, "node_modules/.bin"));
  const command = '#!/bin/sh\nexec node "$(dirname "$0")/../aludel/dist/cli/main.js" "$@"\n';
  writeFileSync(join(folder, "node_modules/.bin/aludel"), command, { mode: 0o755 });
}

describe("init --hooks", () => {
  test("a commit whose models have no revision is refused, one with it is not", async () => {
    const repository = await makeRepository();
    const { folder } = repository;
    install(folder);
    expect((await repository.aludel("init", "--hooks")).exit).toBe(0);
    expect(statSync(join(folder, ".git/hooks/pre-commit")).mode & 0o111).toBe(0o111);
    const commit = () => {
      const words = ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "x"];
      const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
      const { status, stderr } = spawnSync("git", words, { cwd: folder, encoding: "utf8", env });
      return [status, stderr] as const;
    };
    repository.write("models.ts", withPhone);
    repository.git("add", "models.ts");
    const [refused, told] = commit();
    expect([refused, told]).toEqual([1, expect.stringContaining("add column persons.phone")]);
    expect(told).toContain('npx --no-install aludel revision --autogenerate -m "what has changed"');
    expect(repository.git("status", "--porcelain", "revisions")).toBe("");
    expect((await repository.aludel("revision", "--autogenerate", "-m", "phone")).exit).toBe(0);
    expect(commit()).toEqual([1, expect.stringMatching(/not staged[\s\S]*phone[\s\S]*git add revisions/)]);
    repository.git("add", "revisions");
    expect(commit()[0]).toBe(0);
    repository.write("readme.md", "no models");
    repository.git("add", "readme.md");
    expect(commit()).toEqual([0, ""]);
  });

  test("goes where git and husky look, and leaves the hooks of others alone", async () => {
    const own = project({});
    git(own.top, "config", "core.hooksPath", "tools/hooks");
    expect((await aludel(own.top, ["init", "--hooks"])).exit).toBe(0);
    execFileSync("sh", ["-n", join(own.top, "tools/hooks/pre-commit")]);
    expect((await aludel(own.top, ["init", "--hooks"])).stderr).toContain("is there already");
    writeFileSync(join(own.top, "tools/hooks/pre-commit"), "#!/bin/sh\nnpm test\n");
    const { exit, stderr } = await aludel(own.top, ["init", "--hooks"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("npx --no-install aludel guard --base HEAD")]);
    git(own.top, "config", "core.hooksPath", temporaryFolder());
    expect((await aludel(own.top, ["init", "--hooks"])).stderr).toContain("git-failed");

    const husky = project({ ".husky/_/x": "" });
    git(husky.top, "config", "core.hooksPath", ".husky/_");
    expect((await aludel(husky.top, ["init", "--hooks"])).exit).toBe(0);
    expect(existsSync(join(husky.top, ".husky/pre-commit"))).toBe(true);

    const lefthook = project({ "lefthook.yml": "pre-commit: {}\n" });
    const left = await aludel(lefthook.top, ["init", "--hooks"]);
    expect([left.exit, left.stderr]).toEqual([2, expect.stringContaining("lefthook looks after the hooks")]);
    expect(lefthook.text("lefthook.yml")).toBe("pre-commit: {}\n");
  });
});

describe("init --scripts", () => {
  const added = { migrate: "aludel upgrade", migration: "aludel revision --autogenerate" };

  test.each([
    '{\n    "name": "x", "files": [ "a", "b" ],\n    "scripts": {\n        "a": "\\"scripts\\": {"\n    }\n}',
    '{\r\n\t"name": "x"\r\n}\r\n',
    '{ "type": "module" }\n',
    "{}",
    '{\n  "x": { "scripts": {} },\n  "scripts": {}\n}\n',
  ])("%j keeps its form", async (text) => {
    const { top, text: read } = project({ "package.json": text });
    expect((await aludel(top, ["init", "--scripts"])).exit).toBe(0);
    const now = read("package.json");
    const before = JSON.parse(text);
    expect(JSON.parse(now)).toEqual({
      ...before,
      scripts: { ...before.scripts, ...added, "migrate:check": "aludel check" },
    });
    for (const line of text.split(/\r?\n/).slice(1)) expect(now).toContain(line.replace(/\{?\}$/, ""));
    expect(now.includes("\r\n")).toBe(text.includes("\r\n"));
    expect(now.replaceAll("\r\n", "").includes("\r")).toBe(false);
    const again = await aludel(top, ["init", "--scripts"]);
    expect([again.exit, read("package.json") === now]).toEqual([0, true]);
  });

  test("a name that is taken", async () => {
    const text = '{ "scripts": { "migrate": "other" } }';
    const { top, text: read } = project({ "package.json": text });
    const { exit, stderr } = await aludel(top, ["init", "--scripts"]);
    expect([exit, stderr, read("package.json")]).toEqual([
      2,
      expect.stringContaining('"migrate": "aludel upgrade"'),
      text,
    ]);
  });

  test("run; and the targets of a Makefile do", async () => {
    const repository = await makeRepository();
    const { folder } = repository;
    install(folder);
    expect((await repository.aludel("init", "--scripts")).exit).toBe(0);
    const npm = spawnSync("npm", ["run", "--silent", "migrate:check"], { cwd: folder, encoding: "utf8" });
    expect([npm.status, npm.stderr]).toEqual([0, expect.any(String)]);

    const { top, text } = project({ Makefile: "all:\n\ttrue" });
    expect((await aludel(top, ["init", "--scripts"])).exit).toBe(0);
    expect(text("Makefile")).toMatch(/^all:\n\ttrue\n\nALUDEL/);
    const make = (...words: readonly string[]) =>
      execFileSync("make", ["-s", "ALUDEL=echo", ...words], { cwd: top, encoding: "utf8" });
    expect([make("migrate"), make("migration", "m=a b"), make("migrate:check")]).toEqual([
      "upgrade\n",
      "revision --autogenerate -m a b\n",
      "check\n",
    ]);
    expect((await aludel(top, ["init", "--scripts"])).stderr).toContain("is there already");
  });
});
