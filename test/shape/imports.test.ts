import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** Which folders of src a folder may import. `error` is open to all; nothing may import `cli`. */
const below: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  error: [],
  op: ["schema"],
  effect: ["schema", "op"],
  diff: ["schema", "op"],
  dialect: ["schema", "op", "effect"],
  source: ["schema", "op", "dialect"],
  revision: ["schema", "op", "dialect"],
  filter: ["schema"],
  config: ["schema", "dialect", "source", "filter"],
  plan: ["schema", "op", "dialect", "revision"],
  run: ["schema", "op", "dialect", "revision", "plan", "config"],
  observe: ["schema", "op", "dialect", "revision", "config", "run"],
  seed: ["schema", "op", "dialect", "revision", "plan", "config", "run"],
  lint: ["schema", "op", "dialect", "revision", "plan", "config", "run", "diff", "source", "effect"],
  check: [
    "effect",
    "schema",
    "op",
    "dialect",
    "revision",
    "plan",
    "config",
    "filter",
    "run",
    "diff",
    "source",
    "lint",
    "seed",
  ],
  testing: [
    "effect",
    "schema",
    "op",
    "dialect",
    "revision",
    "plan",
    "config",
    "run",
    "diff",
    "source",
    "lint",
    "check",
  ],
  deploy: ["effect", "schema", "op", "dialect", "revision", "config", "plan", "run", "lint", "check"],
  gate: ["effect", "schema", "op", "dialect", "revision", "config", "run", "lint", "check", "seed"],
  cli: [
    "deploy",
    "observe",
    "gate",
    "effect",
    "schema",
    "op",
    "dialect",
    "revision",
    "plan",
    "config",
    "filter",
    "run",
    "diff",
    "source",
    "lint",
    "check",
    "seed",
    "testing",
  ],
};

/** Loading a user's module is everybody's: models and configuration as well as revisions. */
const open = ["error", "revision/module-loader"];

/** Who may name a package: drivers and parsers belong to one dialect, an ORM to one source. */
const owners: readonly (readonly [name: RegExp, folder: string])[] = [
  [/^(pg|@electric-sql\/pglite.*|libpg-query)(\/|$)/, "dialect/postgres"],
  [/^(libsql|better-sqlite3|node:sqlite)(\/|$)/, "dialect/sqlite"],
  [/^drizzle-(orm|kit)(\/|$)/, "source/drizzle"],
];

/** Slow to load: imported when needed, never at the top of a file. */
const heavy =
  /^(pg|@electric-sql\/pglite.*|libpg-query|libsql|sucrase|acorn|jiti|tinyglobby|drizzle-orm)(\/|$)/;

interface Import {
  readonly file: string;
  /** Path within src without its ending, or the name of a package. */
  readonly to: string;
  readonly own: boolean;
  readonly eager: boolean;
}

const imports: readonly Import[] = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    const found = text.matchAll(
      /(?:^(?:import|export)(\s+type)?\b[^"'`;=]*?\bfrom\s+|^import\s+|\b(import|require)\(\s*)"([^"]+)"/gm,
    );
    return [...found].map(([, type, call, to = ""]): Import => {
      const own = to.startsWith(".");
      const path = relative(source, join(source, dirname(file), to))
        .replaceAll(sep, "/")
        .replace(/\.js$/, "");
      return { file: file.replaceAll(sep, "/"), to: own ? path : to, own, eager: !type && !call };
    });
  });

/** Files that import each other, apart from types: the first such circle that is met on the way from a file. */
function circleFrom(start: string, eager: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const path: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): readonly string[] | null => {
    if (path.includes(file)) return path.slice(path.indexOf(file));
    if (done.has(file)) return null;
    path.push(file);
    for (const next of eager.get(file) ?? []) {
      const circle = visit(next);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  return visit(start);
}

const folderOf = (path: string) => path.split("/")[0] ?? "";
const within = (path: string, folder: string) => path.startsWith(`${folder}/`);
const shown = (wrong: readonly Import[]) => wrong.map(({ file, to }) => `${file} imports ${to}`);

describe("imports run one way", () => {
  test("there are some, and every folder has its place", () => {
    expect(imports.length).toBeGreaterThan(100);
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !(name in below))).toEqual([]);
  });

  test("between the folders", () => {
    const wrong = imports.filter(({ file, to, own }) => {
      const [from, target] = [folderOf(file), folderOf(to)];
      if (!own || from === target || !file.includes("/") || !to.includes("/")) return false;
      return !open.some((path) => to === path || within(to, path)) && !below[from]?.includes(target);
    });
    expect(shown(wrong)).toEqual([]);
  });

  test("and in no circles", () => {
    const eager = new Map<string, string[]>();
    for (const one of imports.filter(({ own, eager }) => own && eager)) {
      const from = one.file.replace(/\.ts$/, "");
      eager.set(from, [...(eager.get(from) ?? []), one.to]);
    }
    expect([...eager.keys()].map((file) => circleFrom(file, eager)).filter((one) => one !== null)).toEqual(
      [],
    );
  });

  test("an engine or a source is reached only through its registry", () => {
    const member = /^(dialect|source)\/([^/]+)\//;
    const wrong = imports.filter(({ file, to, own }) => {
      const [folder] = member.exec(to) ?? [];
      return (
        own &&
        folder !== undefined &&
        !file.startsWith(folder) &&
        !/^(dialect|source)\/[\w-]+\.ts$/.test(file)
      );
    });
    expect(shown(wrong)).toEqual([]);
  });

  test("a database's packages and an ORM's are named only in their own folder", () => {
    const wrong = imports.filter(({ file, to, own }) =>
      owners.some(([name, folder]) => !own && name.test(to) && !within(file, folder)),
    );
    expect(shown(wrong)).toEqual([]);
  });

  test("nothing heavy is loaded before it is needed", () => {
    expect(shown(imports.filter(({ to, own, eager }) => !own && eager && heavy.test(to)))).toEqual([]);
  });
});
