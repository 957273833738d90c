import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { dialectOfUrl } from "../dialect/registry.js";
import type { DialectName } from "../schema/name.js";

/** An environment variable that holds a database's URL. Its value stays where it is. */
export interface UrlVariable {
  readonly name: string;
  /** The engine that the URL's scheme belongs to; `null` when the value is none or stands for another engine. */
  readonly dialect: DialectName | null;
  /** The file that has it. */
  readonly told: string;
}

/**
 * The variable that a project takes its database's URL from, as its `.env` file (or the example of one) tells:
 * DATABASE_URL, or else the first whose value is the URL of a known engine. Of values, only the scheme is looked at.
 */
export async function findUrlVariable(root: string): Promise<UrlVariable | null> {
  for (const told of [".env", ".env.local", ".env.example"]) {
    const text = await readFile(join(root, told), "utf8").catch(() => null);
    if (text === null) continue;
    const found = Object.entries(parseEnv(text)).map(([name, value]) => ({
      name,
      dialect: engineOf(value ?? ""),
      told,
    }));
    const chosen =
      found.find(({ name }) => name === "DATABASE_URL") ?? found.find(({ dialect }) => dialect !== null);
    if (chosen !== undefined) return chosen;
  }
  return null;
}

function engineOf(url: string): DialectName | null {
  try {
    return dialectOfUrl(url);
  } catch {
    return null;
  }
}
