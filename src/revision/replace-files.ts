import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { AludelError, messageOf } from "../error/error.js";

/** What becomes of a file. */
export interface FileChange {
  /** The file as it is; `null` for a new one. */
  readonly from: string | null;
  /** Where it is afterwards; `null` takes it away. */
  readonly to: string | null;
  /** What it then says. */
  readonly text: string;
}

/** Puts everything back as it was. */
export type Undo = () => void;

/**
 * Changes several files, all or none: what is new is written beside them first, under names that are no revision's, and
 * only when all of it is there does it take their places. If that stops half-way, what was done is taken back.
 *
 * @throws AludelError `file-exists` for a new name that is taken, `file-unwritable`.
 */
export function replaceFiles(changes: readonly FileChange[]): Undo {
  const staged: { readonly temporary: string; readonly to: string }[] = [];
  const undo: Undo[] = [];
  const takeBack = () => {
    for (const one of undo.splice(0).reverse()) one();
  };
  try {
    const leaving = new Set(changes.flatMap(({ from, to }) => (from === null || from === to ? [] : [from])));
    for (const change of changes) {
      const place = stage(change, leaving, undo);
      if (place !== null) staged.push(place);
    }
    for (const file of leaving) {
      undo.push(remember(file));
      rmSync(file);
    }
    for (const { temporary, to } of staged) {
      const before = statSync(to, { throwIfNoEntry: false }) === undefined ? null : remember(to);
      undo.push(before ?? (() => rmSync(to, { force: true })));
      renameSync(temporary, to);
    }
  } catch (thrown) {
    takeBack();
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    if (thrown instanceof AludelError) throw thrown;
    throw new AludelError(
      "file-unwritable",
      `The revision files could not be written: ${messageOf(thrown)}`,
      {
        cause: thrown,
        remedy: "Make the folder of the revisions writable. Nothing was changed.",
      },
    );
  }
  return takeBack;
}

function stage(
  { from, to, text }: FileChange,
  leaving: ReadonlySet<string>,
  undo: Undo[],
): { readonly temporary: string; readonly to: string } | null {
  if (to === null) return null;
  if (from !== to && !leaving.has(to) && statSync(to, { throwIfNoEntry: false }) !== undefined) {
    throw new AludelError("file-exists", `There is a file ${to} already`, {
      where: { file: to },
      remedy: "Move it out of the way. Nothing was changed.",
    });
  }
  const made = mkdirSync(dirname(to), { recursive: true });
  if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
  // A link stays a link: what it points to is the file.
  const real = from === to ? realpathSync(to) : to;
  const temporary = join(dirname(real), `.${basename(real)}.${randomBytes(4).toString("hex")}.tmp`);
  writeFileSync(temporary, text, { flag: "wx" });
  if (from !== null) chmodSync(temporary, statSync(from).mode);
  return { temporary, to: real };
}

function remember(file: string): Undo {
  const bytes = readFileSync(file);
  const { mode } = statSync(file);
  return () => {
    writeFileSync(file, bytes);
    chmodSync(file, mode);
  };
}
