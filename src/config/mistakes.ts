import { dialectOfUrl } from "../dialect/registry.js";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import { readPattern } from "../filter/pattern.js";
import { nameKey } from "../schema/name.js";
import { tableName } from "./complete.js";
import { fileNameMistake } from "./file-name-template.js";
import {
  type ConfigShape,
  checkShape,
  ciKeys,
  configKeys,
  type FilterShape,
  filterKeys,
  type Issue,
  lintKeys,
  lintOverrideKeys,
  type TextShape,
} from "./shape.js";
import { environmentKeys } from "./shape-environment.js";
import { fleetKeys } from "./shape-fleet.js";
import { webhookKeys } from "./webhook-config.js";

/** One mistake in a configuration: where, what is there, what to write instead. */
export interface Mistake {
  readonly path: string;
  readonly found: string;
  readonly remedy: string;
}

/** The mistakes of shape, and those in the meaning of the keys whose shape is right. */
export function mistakesOfShape(input: unknown, issues: readonly Issue[]): readonly Mistake[] {
  const wrong = new Set(issues.map((issue) => String(issue.path?.[0]?.key)));
  // Which environments there are is not known then.
  if (wrong.has("environments")) wrong.add("defaultEnvironment");
  const right = Object.fromEntries(Object.entries(input ?? {}).filter(([key]) => !wrong.has(key)));
  const rest = checkShape(right);
  return [...issues.map(mistakeOfIssue), ...("config" in rest ? mistakesInMeaning(rest.config) : [])];
}

/** What is wrong although every value has the right shape. */
export function mistakesInMeaning(shape: ConfigShape): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [name, { url }] of Object.entries(shape.environments ?? {})) {
    mistakes.push(...urlMistakes(`environments.${name}.url`, url));
  }
  if (shape.scratch) mistakes.push(...urlMistakes("scratch", shape.scratch));
  mistakes.push(...filterMistakes("include", shape.include), ...filterMistakes("exclude", shape.exclude));
  const names = Object.keys(shape.environments ?? {});
  const chosen = shape.defaultEnvironment;
  if (chosen !== undefined && !names.includes(chosen)) {
    const near = suggest(chosen, names);
    const known = names.length === 0 ? "there are none" : `they are ${names.join(", ")}`;
    mistakes.push({
      path: "defaultEnvironment",
      found: show(chosen),
      remedy: near === null ? `name one of the environments (${known})` : `did you mean "${near}"?`,
    });
  }
  mistakes.push(...requiredMistakes(shape));
  const template = shape.fileName === undefined ? null : fileNameMistake(shape.fileName);
  if (template !== null) mistakes.push({ path: "fileName", found: show(shape.fileName), remedy: template });
  mistakes.push(...tableMistakes(shape));
  return mistakes;
}

/** Patterns that cannot be read. */
function filterMistakes(path: string, shape: FilterShape | undefined): readonly Mistake[] {
  const wrong = (key: "schemas" | "tables", most: 1 | 2, remedy: string) =>
    (shape?.[key] ?? [])
      .filter((text) => readPattern(text, most) === null)
      .map((text) => ({ path: `${path}.${key}`, found: show(text), remedy }));
  const quotes = "put a name with dots in double quotes";
  return [
    ...wrong("schemas", 1, `write the name of one schema, "audit"; ${quotes}`),
    ...wrong("tables", 2, `write a table, "legacy_*", or schema and table, "audit.*"; ${quotes}`),
  ];
}

/** Environments that are required and not there. */
function requiredMistakes(shape: ConfigShape): readonly Mistake[] {
  const environments = Object.entries(shape.environments ?? {});
  return environments.flatMap(([name, { requires = [] }]) => {
    const others = environments.map(([other]) => other).filter((other) => other !== name);
    return requires
      .filter((wanted) => !others.includes(wanted))
      .map((wanted): Mistake => {
        const near = suggest(wanted, others);
        const known = others.length === 0 ? "there are none" : `they are ${others.join(", ")}`;
        return {
          path: `environments.${name}.requires`,
          found: show(wanted),
          remedy:
            near === null ? `name another one of the environments (${known})` : `did you mean "${near}"?`,
        };
      });
  });
}

/** Tables of Aludel's own that have one name. */
function tableMistakes(shape: ConfigShape): readonly Mistake[] {
  const tables = [
    ["versionTable", tableName(shape.versionTable, "aludel_version")],
    ["runLogTable", tableName(shape.runLogTable, "aludel_run_log")],
    ["seedTable", tableName(shape.seedTable, "aludel_seed")],
    ["backfillTable", tableName(shape.backfillTable, "aludel_backfill")],
    ["deployTable", tableName(shape.deployTable, "aludel_deploy")],
    ["stateTable", tableName(shape.stateTable, "aludel_state")],
  ] as const;
  return tables.flatMap(([path, table], at) => {
    const same = tables.slice(0, at).find(([, one]) => nameKey(one) === nameKey(table));
    if (same === undefined) return [];
    return [{ path, found: `the name of ${same[0]}`, remedy: "give the two tables different names" }];
  });
}

/** Only of a URL that stands in the file itself: one from a variable is looked at when it is used. */
function urlMistakes(path: string, shape: TextShape): readonly Mistake[] {
  if (!("text" in shape) || shape.text === null) return [];
  if (/\$\{\w*\}?/.test(shape.text)) {
    return [
      {
        path,
        found: "a URL with a variable inside",
        remedy:
          'take the whole URL from one variable, "$DATABASE_URL"; in TypeScript, backticks put a value into a text',
      },
    ];
  }
  try {
    dialectOfUrl(shape.text);
    return [];
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return [{ path, found: `a URL that cannot be used (${error.message})`, remedy: error.remedy }];
  }
}

const keysUnder: Readonly<Record<string, readonly string[]>> = {
  ...environmentKeys,
  webhooks: webhookKeys,
  include: filterKeys,
  exclude: filterKeys,
  lint: lintKeys,
  ci: ciKeys,
  fleet: fleetKeys,
  "lint.overrides": lintOverrideKeys,
  "lint.obligations": ["days"],
  "ci.allowedDrift": ["match", "reason"],
  "ci.allowedBreaks": ["match", "reason"],
};

function mistakeOfIssue(issue: Issue): Mistake {
  const path = (issue.path ?? []).map((item) => String(item.key));
  if (issue.type !== "never") {
    return { path: path.join("."), found: show(issue.input, isSecret(path)), remedy: issue.message };
  }
  const key = path.at(-1) ?? "";
  // The name of an environment, and the place in a list, are not among the keys.
  const above = path
    .slice(0, -1)
    .filter((part, at) => !/^\d+$/.test(part) && !(at === 1 && path[0] === "environments"));
  const siblings =
    path.length === 1
      ? configKeys
      : (keysUnder[above.join(".")] ?? keysUnder[path[0] ?? ""] ?? ["variable", "fallback"]);
  const near = suggest(key, siblings);
  return {
    path: path.join("."),
    found: "a key that the configuration does not have",
    remedy: near === null ? `take it out; there are ${siblings.join(", ")}` : `did you mean "${near}"?`,
  };
}

const secrets: ReadonlySet<string | undefined> = new Set([
  "environments",
  "scratch",
  "fleet",
  "receiptKey",
  "webhooks",
]);

function isSecret([first]: readonly string[]): boolean {
  return secrets.has(first);
}

/** A value as it is shown in a report; of one that may hold a password only the kind. */
function show(value: unknown, secret = false): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return secret ? "a text" : `"${value}"`;
  return secret ? `a ${typeof value}` : `the ${typeof value} ${String(value)}`;
}
