import { type Command, InvalidArgumentError } from "commander";
import { examples } from "./help-examples.js";
import type { Act } from "./options.js";

interface TraceFlags {
  rows?: ReadonlyMap<string, number>;
  svg?: string;
  transaction: boolean;
}

/** `person=1e6`, `app.person=250000`; gathers what is given several times. */
function tableRows(
  text: string,
  before: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  const [, table = "", number = ""] = /^(.+)=([\d._]+(?:e\d+)?)$/i.exec(text.trim()) ?? [];
  const rows = Number(number.replaceAll("_", ""));
  if (table === "" || !Number.isSafeInteger(rows) || rows < 1) {
    throw new InvalidArgumentError("Write it as table=1e6.");
  }
  return new Map([...before, [table, rows]]);
}

/** The command that runs revisions in order to see what they lock. */
export function declareTraceCommand(program: Command, act: Act): void {
  program
    .command("trace")
    .summary("what do revisions really lock and do?")
    .description(
      "Run revisions, or files of SQL, on a scratch database, and tell of each statement which locks it took, what it wrote anew, read and checked, how long it took, and whether that is what `aludel explain` says. Exit 1 where it is not.",
    )
    .argument(
      "[target...]",
      "revisions, by target or range, or files of SQL as one history (default: the heads)",
    )
    .option("--rows <table=count>", "give a table so many rows first; may be repeated", tableRows)
    .option("--svg <file>", "draw who is blocked when into a file")
    .option("--no-transaction", "files of SQL do not run in a transaction each")
    .addHelpText(
      "after",
      examples(
        ["aludel trace", "the newest revision"],
        ["aludel trace 4f2a:head --svg locks.svg", "a range of them, with a picture"],
        ["aludel trace head --rows person=1e6", "and what it would take with a million rows"],
        ["aludel trace db/migrations/*.sql", "the files of another tool, in this order"],
      ),
    )
    .action((targets: string[], given: TraceFlags) =>
      act("trace", {
        targets,
        rows: given.rows ?? new Map(),
        svg: given.svg ?? null,
        transaction: given.transaction,
      }),
    );
}
