import { dialectOfUrl, loadTestDialect } from "../../dialect/registry.js";
import type { Disposal, FoundDatabase, TestDatabases, TestTemplate } from "../../dialect/test-databases.js";
import { AludelError } from "../../error/error.js";
import { redact } from "../../error/redact.js";
import { suggest } from "../../error/suggest.js";
import { templateOf } from "../../testing/template.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { showTestDatabases } from "../print/test-databases.js";

type Options = CommandOptions["test-db"];

/** `aludel test-db <action> [database…]` */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const { action, databases, all } = options;
  if (all && action !== "drop") throw misplaced("--all", "aludel test-db drop --all");
  if (databases.length > 0 && (action === "create" || action === "list")) {
    throw misplaced(`"${databases[0]}"`, `aludel test-db ${action}`);
  }
  switch (action) {
    case "create":
      return inPlace(context, (place) => create(context, place, options));
    case "list":
      return inPlace(context, (place) => list(context, place));
    case "drop":
      return drop(context, options);
    case "reset":
      return reset(context, options);
  }
}

function misplaced(what: string, instead: string): AludelError {
  return new AludelError("usage", `${what} has no meaning here`, { remedy: `Write \`${instead}\`.` });
}

async function inPlace<T>(context: Context, work: (place: TestDatabases) => Promise<T>): Promise<T> {
  const { name } = await context.dialect();
  const tests = await loadTestDialect(name);
  const place = await tests.open(await context.scratchOptions());
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

async function templateFor(context: Context): Promise<TestTemplate> {
  return templateOf(await context.project());
}

async function create(context: Context, place: TestDatabases, { withPassword }: Options): Promise<ExitCode> {
  const made = await place.create(await templateFor(context), { keep: true });
  const { name, url, file } = made;
  if (url === null) {
    await made.close();
    throw new AludelError(
      "test-database-kind",
      "PGlite in memory is gone with its process, so that no command can leave one",
      {
        remedy:
          "Set `scratch` to the URL of a development server, give one with --url, or use testDatabase() of aludel/testing.",
      },
    );
  }
  context.out.talk(`made ${name} in ${place.place}; remove it with: aludel test-db drop ${name}`);
  const shown = redact(url);
  if (withPassword) context.out.secret(url);
  else context.out.text(shown);
  if (shown !== url && !withPassword) context.out.talk("its password is left out: --with-password prints it");
  context.out.data({ name, url: shown, file });
  return 0;
}

async function list(context: Context, place: TestDatabases): Promise<ExitCode> {
  const found = await place.list();
  context.out.data({ place: place.place, databases: found.map(withoutPassword) });
  context.out.text(showTestDatabases(context.out, found));
  if (found.length === 0) context.out.talk(`There are no test databases in ${place.place}.`);
  return 0;
}

function withoutPassword(found: FoundDatabase): FoundDatabase {
  return { ...found, url: found.url === null ? null : redact(found.url) };
}

async function drop(context: Context, options: Options): Promise<ExitCode> {
  const { databases, all } = options;
  if (all === databases.length > 0) {
    throw new AludelError("usage", all ? "--all leaves nothing to be named" : "Nothing says what to drop", {
      remedy: "Name databases that `aludel test-db list` tells, or give their URLs, or write --all.",
    });
  }
  const names = databases.filter((one) => !isUrl(one));
  const dropped: string[] = [];
  if (all || names.length > 0) {
    await inPlace(context, async (place) => {
      for (const one of await chosen(place, names, options)) {
        await place.drop(one.name);
        dropped.push(one.name);
      }
    });
  }
  for (const url of databases.filter(isUrl)) {
    dropped.push(await examined(context, url, options, (disposal) => disposal.dispose(null)));
  }
  context.out.data({ dropped });
  context.out.text(dropped.map((name) => `dropped ${name}`).join("\n"));
  if (dropped.length === 0) context.out.talk("There was nothing to drop.");
  return 0;
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text);
}

/** The databases of these names; all that nobody uses where there are no names. */
async function chosen(
  place: TestDatabases,
  names: readonly string[],
  { force }: Options,
): Promise<readonly FoundDatabase[]> {
  const found = await place.list();
  if (names.length === 0) return found.filter(({ owner }) => owner === "kept" || owner === "gone" || force);
  return names.map((name) => {
    const one = found.find((other) => other.name === name);
    if (one === undefined) throw unknown(name, place, found);
    if (force || (one.owner !== "running" && one.owner !== "elsewhere")) return one;
    const user =
      one.owner === "elsewhere"
        ? "was made by another machine"
        : one.pid === null
          ? "is what running tests copy"
          : `belongs to process ${one.pid}, which is running`;
    throw new AludelError("test-database-refused", `${name} ${user}`, {
      remedy: "Let the tests end that use it, or write --force.",
    });
  });
}

function unknown(name: string, place: TestDatabases, found: readonly FoundDatabase[]): AludelError {
  const near = suggest(
    name,
    found.map((one) => one.name),
  );
  return new AludelError("test-database-unknown", `There is no test database "${name}" in ${place.place}`, {
    remedy:
      near === null
        ? "See what there is with `aludel test-db list`. A database that was not made for tests has to be given as a URL."
        : `Did you mean "${near}"?`,
  });
}

async function reset(context: Context, options: Options): Promise<ExitCode> {
  const [given, ...more] = options.databases;
  if (more.length > 0) throw misplaced(`"${more[0]}"`, "aludel test-db reset DATABASE");
  const url = given === undefined ? (await context.environment()).url : await urlOf(context, given);
  const template = await templateFor(context);
  const target = await examined(context, url, options, (disposal) => disposal.dispose(template));
  context.out.data({ reset: target });
  context.out.text(
    `${target} is new, at ${(await context.graph()).finalHeads.map(({ id }) => id).join(", ") || "base"}`,
  );
  return 0;
}

async function urlOf(context: Context, given: string): Promise<string> {
  if (isUrl(given)) return given;
  return inPlace(context, async (place) => {
    const found = await place.list();
    const one = found.find(({ name, url }) => name === given && url !== null);
    if (one?.url === undefined || one.url === null) throw unknown(given, place, found);
    return one.url;
  });
}

/** Throws a database away if that is allowed, and gives its name for people. */
async function examined(
  context: Context,
  url: string,
  options: Options,
  dispose: (disposal: Disposal) => Promise<void>,
): Promise<string> {
  const { root, scratch } = await context.config();
  const tests = await loadTestDialect(dialectOfUrl(url));
  const directory = options.databases.includes(url) ? context.cwd : root;
  const disposal = await tests.examine(url, { directory, scratchUrl: scratch });
  try {
    await allow(context, disposal, options);
    await dispose(disposal);
    return disposal.target;
  } finally {
    await disposal.close();
  }
}

async function allow(context: Context, disposal: Disposal, { force, yes }: Options): Promise<void> {
  const { target, verdict, reason, sessions } = disposal;
  if (verdict === "refused") {
    throw new AludelError("test-database-refused", `${target} is not thrown away: ${reason}`, {
      remedy:
        "Is it the right database? If everything on its server may be thrown away, say so: set `scratch` in the configuration to that server's URL.",
      data: { target, reason },
    });
  }
  if (sessions > 0 && !force) {
    const count = sessions === 1 ? "a session is" : `${sessions} sessions are`;
    throw new AludelError("test-database-refused", `${target} is not thrown away: ${count} connected to it`, {
      remedy: "End the programs that use it, or write --force.",
      data: { target, sessions },
    });
  }
  if (verdict === "scratch" || yes) return;
  const answer = await context.ask({
    text: `Everything in ${target} will be gone. It was not made for tests, but ${reason}. Throw it away?`,
    choices: ["yes", "no"],
    default: "no",
    flag: "--yes",
  });
  if (answer === "yes") return;
  throw new AludelError("test-database-refused", `${target} is not thrown away: you said no`, {
    remedy: "Nothing was changed.",
  });
}
