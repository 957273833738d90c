import { dialects } from "../dialect/registry.js";
import { cleaned } from "./cleaned.js";
import { type Level, levels, lineOf } from "./log-lines.js";
import type { About, Listener, Redact } from "./moment.js";

/** Writes lines of JSON, one for each thing that happens. */
export interface JsonLog extends Listener {
  /** A line about something that is no event of a run. */
  say(level: Level, message: string): void;
}

export interface JsonLogOptions {
  /** Is given whole lines, with their ends. */
  readonly write: (text: string) => void;
  /** Less important lines are left out. */
  readonly level: Level;
  readonly redact: Redact;
  /** What is known of the run when nothing has happened in it yet. */
  readonly about: Pick<About, "run" | "command">;
}

/** The log of `--log json`. */
export function createJsonLog({ write, level, redact, about }: JsonLogOptions): JsonLog {
  const isLeftOut = (one: Level) => levels.indexOf(one) < levels.indexOf(level);
  const put = (at: number, record: object) =>
    write(`${JSON.stringify(cleaned({ timestamp: new Date(at).toISOString(), ...record }, redact))}\n`);
  return {
    hear({ event, at, run, command, environment, dialect, database, member }) {
      const { level: own, message, fields, event: name } = lineOf(event);
      if (isLeftOut(own)) return;
      const system = dialect === null ? null : dialects[dialect].systemName;
      const where = { environment, db_system: system, database, ...(member === null ? {} : { member }) };
      put(at, {
        level: own,
        event: name,
        message,
        logger: "aludel",
        run_id: run,
        command,
        ...where,
        ...fields,
      });
    },
    say(own, message) {
      if (isLeftOut(own)) return;
      const { run, command } = about;
      put(Date.now(), { level: own, event: "message", message, logger: "aludel", run_id: run, command });
    },
    end: async () => [],
  };
}
