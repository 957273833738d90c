import { exec } from "node:child_process";
import { relative, sep } from "node:path";
import { promisify } from "node:util";
import type { FleetConfig } from "../../config/fleet-config.js";
import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { AludelError, messageOf } from "../../error/error.js";
import { redact } from "../../error/redact.js";

/** One database of a fleet. */
export interface Member {
  /** For people: a schema, a file, or the URL without its password. */
  readonly name: string;
  readonly url: string;
  /** Which part of the environment's database it is; `null` where it is a database by itself. */
  readonly namespace: string | null;
}

/** Where schemas are, and queries are asked. */
export interface FleetPlace {
  readonly root: string;
  readonly dialect: Dialect;
  /** Of the environment. */
  readonly url: () => Promise<string>;
  readonly connect: () => Promise<Connection>;
}

const run = promisify(exec);

/** Bytes that a command may print: some hundred thousand URLs. */
const maxBuffer = 64 * 1024 * 1024;

/**
 * The databases of a fleet, each once, in the order in which they were given.
 *
 * @throws AludelError `fleet-unreadable` where there is none, or a command or query does not say which.
 */
export async function membersOf({ source }: FleetConfig, place: FleetPlace): Promise<readonly Member[]> {
  const found = await listed(source, place);
  const byUrl = new Map(found.map((member) => [member.url, member]));
  if (byUrl.size > 0) return [...byUrl.values()];
  throw unreadable("The fleet has no databases", "Look at what `fleet` in the configuration leads to.");
}

async function listed(source: FleetConfig["source"], place: FleetPlace): Promise<readonly Member[]> {
  switch (source.kind) {
    case "urls":
      return source.urls.map(ofUrl);
    case "files": {
      const { glob } = await import("tinyglobby");
      const files = await glob([...source.globs], { cwd: place.root, absolute: true });
      return files
        .sort()
        .map((file) => ({ name: shown(place.root, file), url: `sqlite:${file}`, namespace: null }));
    }
    case "schemas":
      return Promise.all(source.names.map((name) => ofSchema(name, place)));
    case "query":
      return asked(source.sql, place);
    case "command":
      return printed(source.command, place);
  }
}

const shown = (root: string, file: string) => relative(root, file).split(sep).join("/");

const ofUrl = (url: string): Member => ({ name: redact(url), url, namespace: null });

async function ofSchema(name: string, { dialect, url }: FleetPlace): Promise<Member> {
  if (dialect.namespaces === undefined) {
    throw unreadable(
      `${dialect.name} has no schemas that could be databases of a fleet`,
      "Give `urls` or `files`.",
    );
  }
  return { name, url: dialect.namespaces.url(await url(), name), namespace: name };
}

async function asked(sql: string, place: FleetPlace): Promise<readonly Member[]> {
  const connection = await place.connect();
  try {
    const rows = await connection.query(sql);
    return await Promise.all(
      rows.map((row) => {
        if (typeof row["url"] === "string") return ofUrl(row["url"]);
        if (typeof row["schema"] === "string") return ofSchema(row["schema"], place);
        throw unreadable(
          `The query of the fleet gives ${Object.keys(row).join(", ")}, and neither url nor schema`,
          "Call the column so: `SELECT database_url AS url FROM tenants`.",
        );
      }),
    );
  } finally {
    await connection.close();
  }
}

async function printed(command: string, { root }: FleetPlace): Promise<readonly Member[]> {
  try {
    const { stdout } = await run(command, { cwd: root, maxBuffer });
    return stdout.split("\n").flatMap((line) => (line.trim() === "" ? [] : [ofUrl(line.trim())]));
  } catch (error) {
    throw new AludelError(
      "fleet-unreadable",
      `The command of the fleet failed: ${redact(messageOf(error))}`,
      {
        remedy: `Run it in ${root} to see why.`,
      },
    );
  }
}

function unreadable(message: string, remedy: string): AludelError {
  return new AludelError("fleet-unreadable", message, { remedy });
}
