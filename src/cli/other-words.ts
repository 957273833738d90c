/**
 * What other migration tools call these things, and their users type first. A word that is near one of ours in letters
 * but not in meaning (`status`: not `stamp`) would otherwise be answered with the wrong one.
 */
const commands: Readonly<Record<string, string>> = {
  status: "current, or history",
  info: "current, or history",
  log: "history",
  list: "history",
  ls: "history",
  version: "current, or --version",
  migrate: "upgrade",
  migration: "revision",
  up: "upgrade",
  apply: "upgrade",
  push: "revision --autogenerate, and upgrade",
  latest: "upgrade",
  down: "downgrade <target>",
  rollback: "downgrade -1",
  undo: "downgrade -1",
  revert: "downgrade -1",
  generate: "revision --autogenerate",
  autogenerate: "revision --autogenerate",
  create: "revision",
  new: "revision",
  add: "revision",
  make: "revision",
  pull: "inspect, or revision --baseline",
  introspect: "inspect, or revision --baseline",
  baseline: "revision --baseline",
  repair: "doctor",
};

const options: Readonly<Record<string, string>> = {
  environment: "--env",
  database: "--url",
  "database-url": "--url",
  db: "--url",
  conn: "--url",
  "dry-run": "check, plan, or upgrade --dry-run",
  autogen: "--autogenerate",
};

/** What is meant by a command or an option (with its dashes) that is not one of Aludel's; `null` when nobody says it. */
export function meantByOther(kind: "command" | "option", word: string): string | null {
  const words = kind === "command" ? commands : options;
  const plain = word.replace(/^--?/, "").replace(/=.*$/s, "").toLowerCase();
  return Object.hasOwn(words, plain) ? (words[plain] ?? null) : null;
}
