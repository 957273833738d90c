import type { Policy } from "../../schema/schema.js";
import type { Context } from "./context.js";
import type { Place } from "./finding.js";
import { objectName } from "./object-name.js";
import type { PolicyModel, RoleModel } from "./shape.js";

const commands: readonly Policy["command"][] = ["all", "select", "insert", "update", "delete"];

/** The policies of a table, its own and those linked to it. */
export function readPolicies(
  models: readonly PolicyModel[],
  place: Place,
  context: Context,
): readonly Policy[] {
  return models.flatMap((model) => {
    const here: Place = { file: place.file, object: `${place.object}, policy ${model.name}` };
    const policy = context.findings.attempt(here, () => readPolicy(model, context));
    return policy === null ? [] : [policy];
  });
}

function readPolicy(model: PolicyModel, context: Context): Policy {
  const command = commands.find((one) => one === (model.for ?? "all").toLowerCase());
  if (command === undefined) throw new Error(`there are no policies for "${model.for}"`);
  const condition = (sql: unknown) =>
    sql === undefined || sql === null ? null : context.renderer.qualified(sql);
  return {
    name: objectName(model.name, context),
    permissive: (model.as ?? "permissive").toLowerCase() !== "restrictive",
    command,
    roles: rolesOf(model.to),
    using: condition(model.using),
    check: condition(model.withCheck),
    comment: null,
  };
}

function rolesOf(to: PolicyModel["to"]): readonly string[] {
  if (to === undefined || to === null) return ["public"];
  const roles: readonly RoleModel[] = Array.isArray(to) ? to : [to as RoleModel];
  return roles.map((role) => (typeof role === "string" ? role : role.name));
}
