import type { RevisionNode } from "../revision.js";

/** Whether a revision is in the database; `unknown` where no database was asked. */
export type RevisionState = "applied" | "pending" | "unknown";

/** What can be drawn: a node, and the message where there is one. */
export type DrawnRevision = RevisionNode & { readonly message?: string };

const symbols: Readonly<Record<RevisionState, string>> = { applied: "*", pending: "o", unknown: "*" };

/** How a drawing is to look. */
export interface DrawOptions<R> {
  /** The character at the revision's place, in colour if need be. */
  readonly symbol?: (state: RevisionState) => string;
  /** What stands beside a revision, of one line or more. */
  readonly text?: (revision: R) => string;
}

/**
 * The graph as lines of text, in the manner of `git log --graph`: a column for every line of development, `|\` where
 * a merge point joins two and `|/` where two leave one branch point. `*` is applied (or nobody knows), `o` pending.
 *
 * In: revisions newest first, each before all that it revises (`drawingOrder` keeps lines together); what they revise
 * beyond the list is left out. Out: one line or more for each. `dependsOn` is told in words.
 */
export function drawGraph<R extends DrawnRevision>(
  revisions: readonly R[],
  state: (id: string) => RevisionState,
  { symbol = symbolOf, text = describeRevision }: DrawOptions<R> = {},
): readonly string[] {
  const pending = new Set(revisions.map((revision) => revision.id));
  const lines: string[] = [];
  let lanes: readonly string[] = [];
  for (const revision of revisions) {
    pending.delete(revision.id);
    const parents = [...new Set(revision.revises)].filter((parent) => pending.has(parent));
    const own = lanes.includes(revision.id) ? lanes : [...lanes, revision.id];
    const column = own.indexOf(revision.id);
    const cells = own.map((_, index) => (index === column ? symbol(state(revision.id)) : "|"));
    const { slots, drawn } = expand(own, column, parents);
    lines.push(...beside([cells.join(" "), ...drawn], upright(slots), text(revision).split("\n")));
    lanes = collapse(slots, lines);
  }
  return lines;
}

function symbolOf(state: RevisionState): string {
  return symbols[state];
}

/** The lines of a text beside those of a drawing; where the text is longer the lanes go on. */
function beside(drawn: readonly string[], lanes: string, text: readonly string[]): readonly string[] {
  return Array.from({ length: Math.max(drawn.length, text.length) }, (_, at) =>
    `${drawn[at] ?? lanes} ${text[at] ?? ""}`.trimEnd(),
  );
}

/** The id, labels, dependencies and message in one line. */
export function describeRevision(revision: DrawnRevision): string {
  const message = revision.message?.replaceAll(/\s+/gu, " ").trim() ?? "";
  return [
    revision.id,
    revision.labels.length > 0 ? `[${revision.labels.join(", ")}]` : "",
    revision.dependsOn.length > 0 ? `(depends on ${revision.dependsOn.join(", ")})` : "",
    message,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** A lane waits for the revision that it leads to; `null` is one that has come to its end. */
type Slot = string | null;

/** The first parent takes the revision's lane over, each further one gets a lane to the right of it. */
function expand(
  lanes: readonly string[],
  column: number,
  parents: readonly string[],
): { readonly slots: readonly Slot[]; readonly drawn: readonly string[] } {
  const slots: Slot[] = [...lanes];
  slots[column] = parents[0] ?? null;
  const drawn: string[] = [];
  for (const parent of parents.slice(1).reverse()) {
    if (slots[column + 1] === parent || slots[column - 1] === parent) {
      // The neighbour leads there already.
      const at = slots[column + 1] === parent ? 2 * column + 1 : 2 * column - 1;
      drawn.push(paint(slots.length, [[at, at > 2 * column ? "\\" : "/"]]));
      continue;
    }
    const moved = slots.slice(column).map((_, index): Mark => [2 * (column + index) + 1, "\\"]);
    drawn.push(paint(column + 1, moved));
    slots.splice(column + 1, 0, parent);
  }
  return { slots, drawn };
}

/** Closes lanes that have ended and joins lanes that lead to one revision, until every lane is another. */
function collapse(start: readonly Slot[], lines: string[]): readonly string[] {
  let slots = start;
  for (;;) {
    const right = slots.findIndex((slot, index) => slot === null || slots.indexOf(slot) < index);
    if (right < 0) return slots.filter((slot) => slot !== null);
    const slot = slots[right] ?? null;
    const left = slot === null ? right : slots.indexOf(slot);
    const after = slots.filter((_, index) => index !== right);
    const shifted = slots.flatMap((_, index): Mark[] =>
      index > right || (index === right && slot !== null) ? [[2 * index - 1, "/"]] : [],
    );
    if (right - left > 1) {
      for (let between = left + 1; between < right - 1; between++) shifted.push([2 * between + 1, "_"]);
      lines.push(paint(right, shifted), paint(after.length, [[2 * left + 1, "/"]]));
    } else if (shifted.length > 0) {
      lines.push(paint(right, shifted));
    }
    slots = after;
  }
}

/** Lanes that go on; those that have come to their end are blank. */
function upright(slots: readonly Slot[]): string {
  return slots.map((slot) => (slot === null ? " " : "|")).join(" ");
}

type Mark = readonly [column: number, character: string];

/** A line with this many lanes from the left, and marks between or beyond them. */
function paint(lanes: number, marks: readonly Mark[]): string {
  const characters: string[] = [];
  for (let lane = 0; lane < lanes; lane++) characters[2 * lane] = "|";
  for (const [column, character] of marks) characters[column] = character;
  return Array.from(characters, (character) => character ?? " ").join("");
}
