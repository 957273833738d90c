import type { DefinedName } from "../../../schema/address.js";
import type { Defined, DefinedKind } from "../../../schema/schema.js";
import { type Step, step } from "../../step.js";
import { commentStatement } from "./comment.js";
import type { Group } from "./contract.js";
import { definedTarget } from "./defined-target.js";

/** The kinds of what is done and taken back, not made and dropped: their signature says how. */
const takenBack: ReadonlySet<DefinedKind> = new Set(["grant", "default-privileges", "trigger-state"]);

/** DROP of a defined object; what was granted is revoked. */
export function dropDefined(object: DefinedName, ifExists: boolean): string {
  if (takenBack.has(object.kind)) return object.signature;
  const [, word, rest] = /^([A-Z]+(?: [A-Z]+)*) (.*)$/s.exec(definedTarget(object)) ?? [];
  return `DROP ${word ?? ""} ${ifExists ? "IF EXISTS " : ""}${rest ?? ""}`;
}

/** `CREATE OR REPLACE …`, for the kinds that have it. */
function replacing(definition: string): string {
  return definition.replace(/^CREATE\s+(?!OR\s)/i, "CREATE OR REPLACE ");
}

/** What CREATE has no words for is undone before the new definition says it again. */
function unchecked(steps: readonly Step[], off: true | undefined): readonly Step[] {
  if (off === undefined) return steps;
  const set = (value: string) =>
    step(`SELECT set_config('check_function_bodies', '${value}', false)`, steps[0]?.because ?? null);
  return [set("off"), ...steps, set("on")];
}

function settings({ settings }: Defined): readonly string[] {
  return settings;
}

export const compileDefined: Group<"create-defined" | "drop-defined" | "replace-defined"> = {
  "create-defined": (op) => {
    const { object } = op;
    const sql = [object.definition, ...settings(object)];
    if (object.comment !== null) sql.push(commentStatement(definedTarget(object), object.comment));
    return unchecked(
      sql.map((text) => step(text, op)),
      op.unchecked,
    );
  },
  "drop-defined": (op) => [step(dropDefined(op.object, op.ifExists === true), op)],
  "replace-defined": (op) =>
    unchecked(
      [replacing(op.object.definition), ...settings(op.object)].map((text) => step(text, op)),
      op.unchecked,
    ),
};
