import type { Expansion, LongChange, LongChangeKind } from "../../dialect/expansion.js";
import { showName } from "../../schema/name.js";

type Notes = Readonly<Partial<Record<keyof Expansion, readonly string[]>>>;

/** What a revision waits for, for whoever deploys it. */
export function notesOf(phase: keyof Expansion, changes: readonly LongChange[]): readonly string[] {
  return changes.flatMap((change) => {
    // The map's key and the change's kind agree, which TypeScript cannot follow through the union.
    const notes = notesByKind[change.kind] as (one: LongChange) => Notes;
    return notes(change)[phase] ?? [];
  });
}

const atOnce = "May run as soon as the revision before it has run, while the application is in use.";

const notesByKind: { readonly [K in LongChangeKind]: (change: LongChange<K>) => Notes } = {
  "rename-table": ({ table, to }) => {
    const [old, fresh] = [showName(table), showName({ ...table, name: to })];
    return {
      expand: [
        `Waits for nothing: code that names ${old} reads and writes ${fresh} through a view of that name.`,
        "Not through a view: COPY … FROM, TRUNCATE, ON CONFLICT ON CONSTRAINT, pg_get_serial_sequence.",
        `Then release the code that names ${fresh}.`,
      ],
      contract: [`Waits until no code runs any more that names ${old}.`],
    };
  },

  "rename-column": (change) => {
    const { column, to } = change;
    return {
      expand: [
        `Waits for nothing: code that names ${shown(change)} goes on working.`,
        `A trigger gives ${to} and ${column} the same values, whichever is written.`,
      ],
      backfill: [atOnce, `Release the code that names ${to} instead of ${column} after it.`],
      contract: [
        `Waits until no code runs any more that names ${shown(change)}: until the release after the backfill is everywhere.`,
      ],
    };
  },

  "change-type": (change) => ({
    expand: [
      "Waits for nothing: running code goes on working.",
      `A trigger fills a second column of the new type whenever ${shown(change)} is written.`,
    ],
    backfill: [atOnce],
    contract: [`Waits until all code that runs can live with the new type of ${shown(change)}.`],
  }),

  "drop-column": (change) => ({
    expand: [
      `Waits for nothing: rows without ${shown(change)} are taken from now on.`,
      "Then release the code that no longer names it. Code that still reads it finds NULL in the rows of that release.",
    ],
    contract: [
      `Waits until no code runs any more that names ${shown(change)}.`,
      // Not in the words of the tag itself, which would be one.
      "What it holds is lost: somebody has to approve of that above the statement, with the tag destructive.",
    ],
  }),

  "require-column": (change) => requireNotes(change),
};

function requireNotes(change: LongChange<"require-column">): Notes {
  const { isNew, fill, column, table } = change;
  const left = isNew
    ? `Waits for nothing: code that does not know ${shown(change)} goes on working.`
    : `Waits for nothing: code that writes NULL into ${shown(change)} goes on working.`;
  const contract = [`Waits until all code that runs writes ${shown(change)}.`];
  if (fill !== null) {
    const given = fill.isConstant && isNew ? "The default" : "A trigger";
    return {
      expand: [
        left,
        `${given} gives ${column} its value where nobody does.`,
        `Then release the code that writes ${column}.`,
      ],
      backfill: [atOnce],
      contract,
    };
  }
  return {
    expand: [left, `Then release the code that writes ${column}.`],
    contract: [
      ...contract,
      `Only you know what rows of ${showName(table)} from before have in ${column}: write it above the assertion, which stops the revision as long as a row has nothing there.`,
    ],
  };
}

function shown(change: LongChange & { readonly column: string }): string {
  return `${showName(change.table)}.${change.column}`;
}
