import { adoptUnsaid } from "../../check/adopt.js";
import { besideRepeatables } from "../../check/beside-repeatables.js";
import { differences } from "../../check/differences.js";
import { askConnection, lazyScratch } from "../../check/engine.js";
import { judgeHints } from "../../check/hints.js";
import { readHints } from "../../check/read-hints.js";
import { againstOwn, inspectLike, parseSide, type ReadSide, readSide, type Side } from "../../check/sides.js";
import { withStandIns } from "../../check/stand-ins.js";
import { showName } from "../../schema/name.js";
import type { Slot } from "../../schema/slot.js";
import { readSlot } from "../../schema/slot.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { warnSpent } from "../print/hints.js";
import { mergeLeftOut, tellLeftOut } from "../print/left-out.js";
import { tellUninspected } from "../print/uninspected.js";

/** `aludel diff <from> <to>` */
export async function run(context: Context, options: CommandOptions["diff"]): Promise<ExitCode> {
  return diffSides(
    context,
    parseSide(options.from, context.cwd),
    parseSide(options.to, context.cwd),
    options,
  );
}

/** Reads both sides, prints what is between them, and answers whether that is nothing. */
export async function diffSides(
  context: Context,
  from: Side,
  to: Side,
  names: { readonly from: string; readonly to: string },
): Promise<ExitCode> {
  const project = await besideRepeatables(await context.project());
  const scratch = lazyScratch(project.dialect, context.openScratch);
  try {
    const sides = await readBoth(context, from, to);
    const usesDatabase = from.kind === "database" || to.kind === "database";
    const ask = usesDatabase ? askConnection(project.dialect, await context.connect()) : scratch.ask;
    const a = adoptUnsaid(sides.from.schema, sides.to.schema, sides.from.unsaid);
    const b = adoptUnsaid(sides.to.schema, sides.from.schema, sides.to.unsaid);
    const found = await differences(project.dialect, a, b, ask);
    const ignored = mergeLeftOut(sides.from.leftOut, sides.to.leftOut);
    const undecided = [...found.undecided].map(([slot, reason]) => ({ place: showSlot(slot), reason }));
    context.out.data({
      from: names.from,
      to: names.to,
      equal: found.ops.length === 0,
      ops: found.ops,
      undecided,
      ignored,
    });
    await tellHints(context, sides.from, sides.to);
    tellLeftOut(context, ignored);
    tellUninspected(context.out, [...sides.from.uninspected, ...sides.to.uninspected]);
    for (const { place, reason } of undecided) context.out.warn(`${place} could not be decided: ${reason}`);
    context.out.text(found.lines.join("\n"));
    if (found.ops.length === 0) context.out.talk(`No difference between ${names.from} and ${names.to}.`);
    return found.ops.length === 0 ? 0 : 1;
  } finally {
    await scratch.dispose();
  }
}

/** Hints that the other side has no use for. */
async function tellHints(context: Context, from: ReadSide, { files, schema }: ReadSide): Promise<void> {
  if (files === undefined) return;
  const hints = await readHints(files);
  if (hints.length === 0) return;
  warnSpent(context, judgeHints(from.schema, schema, hints, { renames: [], drops: [] }).spent);
}

async function readBoth(
  context: Context,
  from: Side,
  to: Side,
): Promise<{ readonly from: ReadSide; readonly to: ReadSide }> {
  const project = await besideRepeatables(await context.project());
  const access = { openScratch: context.openScratch, connect: () => context.connect({ mustExist: true }) };
  const read = async (side: Side, other: ReadSide | null) => {
    if (side.kind === "database") return inspectLike(project, await access.connect(), other?.schema ?? null);
    if (other?.standIns === undefined) return readSide(project, side, access);
    const openScratch = withStandIns(project, other.standIns, access.openScratch);
    return readSide(project, side, { ...access, openScratch });
  };
  // What a database is looked at for, and what a revision may refer to, the other side says.
  if (from.kind === "database" || to.kind === "models") {
    const other = await read(to, null);
    const first = await read(from, other);
    return { from: againstOwn(project, from, first, to, other.schema), to: other };
  }
  const first = await read(from, null);
  const second = await read(to, first);
  return {
    from: againstOwn(project, from, first, to, second.schema),
    to: againstOwn(project, to, second, from, first.schema),
  };
}

function showSlot(slot: Slot): string {
  const { object, part, name } = readSlot(slot);
  return name === "" ? `${part} ${showName(object)}` : `${part} ${showName(object)}.${name}`;
}
