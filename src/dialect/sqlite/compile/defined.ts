import type { Op } from "../../../op/op.js";
import type { DefinedName } from "../../../schema/address.js";
import { showDefined } from "../../../schema/address.js";
import { type Step, step } from "../../step.js";
import { quoteName } from "../quote.js";
import { branchRemedy, unsupported } from "./unsupported.js";

/** The engine has no other kinds that are known by their statement. Virtual tables are left alone. */
function word({ kind }: DefinedName): string {
  if (kind === "trigger") return "TRIGGER";
  throw unsupported(`objects of the kind ${kind.replaceAll("-", " ")}`, branchRemedy);
}

function dropText(object: DefinedName, ifExists: boolean): string {
  const namespace = object.table?.namespace ?? object.namespace;
  return `DROP ${word(object)} ${ifExists ? "IF EXISTS " : ""}${quoteName({ namespace, name: object.name })}`;
}

export function createDefined(op: Op<"create-defined">): readonly Step[] {
  word(op.object);
  return [step(op.object.definition, op)];
}

export function dropDefined(op: Op<"drop-defined">): readonly Step[] {
  return [step(dropText(op.object, op.ifExists === true), op)];
}

/** SQLite replaces nothing: a trigger is dropped and made again, in one transaction. */
export function replaceDefined(op: Op<"replace-defined">): readonly Step[] {
  if (op.object.kind !== "trigger") {
    throw unsupported(
      `way to replace ${showDefined(op.object)}`,
      "Drop it and create it in ops of their own",
    );
  }
  return [step(dropText(op.object, false), op), step(op.object.definition, op)];
}
