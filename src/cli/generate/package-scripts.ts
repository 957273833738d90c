import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AludelError, messageOf } from "../../error/error.js";
import { inTheWay, type Planned, textOrNull } from "./planned.js";
import type { ProjectPlace } from "./project-place.js";

const scripts: Readonly<Record<string, string>> = {
  migrate: "aludel upgrade",
  migration: "aludel revision --autogenerate",
  "migrate:check": "aludel check",
};

/** The scripts in package.json, or the targets in a Makefile where there is none. @throws AludelError `file-exists`. */
export async function planScripts({ config: { root } }: ProjectPlace): Promise<Planned> {
  const file = join(root, "package.json");
  const text = await textOrNull(file);
  return text === null ? planMakefile(root) : { file, before: text, text: withScripts(file, text) };
}

type Json = Readonly<Record<string, unknown>>;

function withScripts(file: string, text: string): string {
  const before = parsed(file, text);
  const own = (before["scripts"] ?? {}) as Json;
  const missing = Object.entries(scripts).filter(([name, command]) => own[name] !== command);
  if (missing.length === 0) return text;
  const byHand = {
    lines: missing.map(([name, command]) => `${JSON.stringify(name)}: ${JSON.stringify(command)}`),
    remedy: "Add these scripts by hand, under names that are free; the file is left as it is.",
  };
  if (missing.some(([name]) => name in own)) throw inTheWay(file, byHand);
  const wanted = { ...before, scripts: { ...own, ...Object.fromEntries(missing) } };
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? null;
  const [line, deep] = indent === null ? [" ", " "] : [end + indent, end + indent + indent];
  const members = missing.map(([name, command]) => `${JSON.stringify(name)}: ${JSON.stringify(command)}`);
  const inside = members.map((member) => deep + member).join(",");
  // The same words may stand elsewhere in the file: the place is right where the outcome is.
  const places = [...text.matchAll(/"scripts"\s*:\s*\{/g)].map(
    ({ index, 0: match }) => [index + match.length, `${inside}${isEmpty(own) ? line : ","}`] as const,
  );
  const begin = text.indexOf("{") + 1;
  const rest = isEmpty(before) ? (indent === null ? " " : end) : ",";
  const tries = [...places, [begin, `${line}"scripts": {${inside}${line}}${rest}`] as const];
  for (const [at, added] of tries) {
    const next = text.slice(0, at) + added + text.slice(at);
    try {
      if (isDeepStrictEqual(JSON.parse(next.replace(/^\uFEFF/, "")), wanted)) return next;
    } catch {
      // Another place, then.
    }
  }
  throw inTheWay(file, byHand);
}

function isEmpty(value: Json): boolean {
  return Object.keys(value).length === 0;
}

function parsed(file: string, text: string): Json {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (error) {
    throw new AludelError("file-unreadable", `It is not JSON: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Correct the file.",
    });
  }
}

const targets = `ALUDEL ?= npx --no-install aludel

.PHONY: migrate migration migrate\\:check

migrate:
	$(ALUDEL) upgrade

# make migration m="what has changed"
migration:
	$(ALUDEL) revision --autogenerate $(if $(m),-m "$(m)")

migrate\\:check:
	$(ALUDEL) check
`;

async function planMakefile(root: string): Promise<Planned> {
  const names = ["GNUmakefile", "makefile", "Makefile"];
  const file = join(root, names.find((name) => existsSync(join(root, name))) ?? "Makefile");
  const before = await textOrNull(file);
  if (before === null) return { file, before, text: targets };
  if (before.includes(targets)) return { file, before, text: before };
  if (/^(?:ALUDEL\b|migrat(?:e|ion|e\\:check)\s*:)/m.test(before)) {
    throw inTheWay(file, {
      lines: targets.split("\n"),
      remedy: "Add by hand what is missing of the lines above, under names that are free.",
    });
  }
  return { file, before, text: `${before}${before.endsWith("\n") || before === "" ? "" : "\n"}\n${targets}` };
}
