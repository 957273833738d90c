import { AludelError } from "../../error/error.js";
import {
  type ListedBackfill,
  listBackfills,
  type Situation,
  tellBackfills,
} from "../../run/backfill/control.js";
import type { Wanted } from "../../run/backfill/state.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { rowCount } from "../print/backfill.js";
import { table } from "../print/table.js";

const wishes = { pause: "pause", resume: "run", cancel: "cancel" } as const satisfies Record<string, Wanted>;

/** `aludel backfill status|pause|resume|cancel [revision]` */
export async function run(
  context: Context,
  { action, revision }: CommandOptions["backfill"],
): Promise<ExitCode> {
  const { out } = context;
  const project = await context.project();
  if (action === "status" && revision !== null) {
    throw new AludelError("usage", "status tells of all backfills, and takes no revision", {
      remedy: "Leave the revision out.",
    });
  }
  const connection = await context.connect({ mustExist: true });
  if (action === "status") {
    const all = await listBackfills(project, connection);
    out.data({ database: connection.target, backfills: all.map(dataOf) });
    if (all.length === 0) out.talk(`No backfill has run on ${connection.target}.`);
    out.text(table(all.map((one) => lineOf(context, one))));
    return 0;
  }
  const told = await tellBackfills(project, connection, wishes[action], revision);
  out.data({ database: connection.target, action, backfills: told.map(dataOf) });
  for (const one of told) out.text(answers[action](one));
  return 0;
}

const answers: Readonly<Record<keyof typeof wishes, (one: ListedBackfill) => string>> = {
  pause: (one) => `The backfill of ${one.table} stands still after the part that it is at.`,
  resume: (one) =>
    one.situation === "stopped"
      ? `The backfill of ${one.table} is no longer paused; \`aludel upgrade\` goes on with it.`
      : `The backfill of ${one.table} goes on.`,
  cancel: (one) => `The backfill of ${one.table} ends after the part that it is at; what is written stays.`,
};

const colours = {
  running: "green",
  done: "green",
  pausing: "yellow",
  paused: "yellow",
  stopped: "yellow",
  cancelled: "yellow",
  failed: "red",
} as const satisfies Record<Situation, string>;

function lineOf({ out }: Context, one: ListedBackfill): readonly string[] {
  const { situation, revision, table: name, written, passed, total, error } = one;
  const share = total === null || total === 0 ? null : Math.min(100, Math.floor((passed / total) * 100));
  const far = situation === "done" || share === null ? "" : `, ${share} %`;
  return [
    out.style(colours[situation], situation),
    revision,
    name,
    `${rowCount(written)} written${far}`,
    one.updatedAt,
    situation === "failed" ? (error ?? "") : "",
  ];
}

function dataOf(one: ListedBackfill): object {
  const { revision, direction, position, situation, wanted, pass, passed, written, total, parts, refused } =
    one;
  const { error, startedAt, updatedAt } = one;
  return {
    ...{ revision, direction, statement: position, table: one.table, state: situation, wanted },
    ...{
      pass,
      passed: total === null ? passed : Math.min(passed, total),
      written,
      total,
      parts,
      refused,
      error,
      startedAt,
      updatedAt,
    },
  };
}
