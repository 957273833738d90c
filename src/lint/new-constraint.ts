import type { ConstraintDefinition } from "../effect/syntax.js";
import type { Constraint, Relation } from "../effect/world.js";
import { isWord, type Lexeme, lexemes } from "./fix/lexer.js";

/** What the world has made of a constraint that a statement adds, with the name that the server chose. */
export function madeConstraint(
  before: Relation,
  after: Relation | undefined,
  definition: ConstraintDefinition,
): Constraint | undefined {
  if (after === undefined) return undefined;
  if (definition.name !== null) return after.constraints.get(definition.name);
  const added = [...after.constraints.values()].filter(
    ({ name, kind }) => kind === definition.kind && !before.constraints.has(name),
  );
  if (added.length <= 1) return added[0];
  const alike = added.filter((one) => says(one) === says(definition));
  return alike.length === 1 ? alike[0] : undefined;
}

/** What tells constraints of one kind apart. */
function says(constraint: ConstraintDefinition | Constraint): string {
  switch (constraint.kind) {
    case "check":
      return constraint.expression.sql;
    case "not-null":
      return constraint.column;
    case "foreign-key":
      return JSON.stringify([constraint.columns, constraint.target, constraint.targetColumns]);
    case "exclude":
      return JSON.stringify([constraint.method, constraint.elements, constraint.where]);
    default:
      return JSON.stringify([constraint.columns, constraint.include]);
  }
}

/**
 * The options that a key's index has, `WITH (…)` and `USING INDEX TABLESPACE …`, as CREATE INDEX spells them; `null` for a
 * statement that cannot be read.
 */
export function indexOptions(sql: string): string | null {
  const pieces = lexemes(sql)?.filter(({ depth }) => depth === 0);
  if (pieces === undefined) return null;
  const at = (word: string, next: (piece: Lexeme | undefined) => boolean) =>
    pieces.findIndex((piece, index) => isWord(piece, word) && next(pieces[index + 1]));
  const from = at("WITH", (next) => next?.text === "(");
  const [open, close] = [pieces[from + 1], pieces[from + 2]];
  const parameters =
    from === -1 || open === undefined || close === undefined
      ? ""
      : ` WITH ${sql.slice(open.start, close.end)}`;
  const tablespace = pieces[at("INDEX", (next) => isWord(next, "TABLESPACE")) + 2];
  const hasTablespace = at("INDEX", (next) => isWord(next, "TABLESPACE")) !== -1;
  return `${parameters}${hasTablespace && tablespace !== undefined ? ` TABLESPACE ${tablespace.text}` : ""}`;
}

/** The words that let a constraint be checked later, as they end a statement. */
export function deferral({
  deferrable,
  initiallyDeferred,
}: Pick<ConstraintDefinition, "deferrable" | "initiallyDeferred">): string {
  if (initiallyDeferred) return " DEFERRABLE INITIALLY DEFERRED";
  return deferrable ? " DEFERRABLE" : "";
}
