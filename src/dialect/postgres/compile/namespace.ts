import type { Op } from "../../../op/op.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { commentStatement } from "./comment.js";
import type { Group } from "./contract.js";

const movedWords: Readonly<Record<Op<"set-namespace">["on"], string>> = {
  table: "TABLE",
  view: "VIEW",
  "materialized-view": "MATERIALIZED VIEW",
  sequence: "SEQUENCE",
  enum: "TYPE",
  domain: "DOMAIN",
  composite: "TYPE",
};

export const compileNamespace: Group<
  | "create-namespace"
  | "drop-namespace"
  | "set-namespace"
  | "create-extension"
  | "drop-extension"
  | "alter-extension"
> = {
  "create-namespace": (op) => {
    const { name, comment } = op.namespace;
    const create = `CREATE SCHEMA ${op.ifNotExists ? "IF NOT EXISTS " : ""}${quoteIdentifier(name)}`;
    const steps = [step(create, op)];
    if (comment !== null) steps.push(step(commentStatement(`SCHEMA ${quoteIdentifier(name)}`, comment), op));
    return steps;
  },
  "drop-namespace": (op) => [
    step(
      `DROP SCHEMA ${op.ifExists ? "IF EXISTS " : ""}${quoteIdentifier(op.name)}${op.cascade ? " CASCADE" : ""}`,
      op,
    ),
  ],
  "set-namespace": (op) => {
    const { on, name, to } = op;
    const alter = `ALTER ${movedWords[on]} ${quoteName(name)} SET SCHEMA`;
    if (to !== null) return [step(`${alter} ${quoteIdentifier(to)}`, op)];
    // Which one is the default is for the connection to say.
    const statement = `EXECUTE ${quoteString(`${alter} `)} || quote_ident(current_schema())`;
    return [step(`DO ${quoteString(`BEGIN ${statement}; END`)}`, op)];
  },
  "create-extension": (op) => {
    const { name, namespace, version, comment } = op.extension;
    const parts = [
      `CREATE EXTENSION ${op.ifNotExists ? "IF NOT EXISTS " : ""}${quoteIdentifier(name)}`,
      namespace === null ? "" : ` SCHEMA ${quoteIdentifier(namespace)}`,
      version === null ? "" : ` VERSION ${quoteString(version)}`,
    ];
    const steps = [step(parts.join(""), op)];
    if (comment !== undefined) {
      steps.push(step(commentStatement(`EXTENSION ${quoteIdentifier(name)}`, comment), op));
    }
    return steps;
  },
  "drop-extension": (op) => [
    step(`DROP EXTENSION ${op.ifExists ? "IF EXISTS " : ""}${quoteIdentifier(op.name)}`, op),
  ],
  "alter-extension": (op) => {
    const alter = `ALTER EXTENSION ${quoteIdentifier(op.name)}`;
    const { namespace, version } = op.changes;
    return [
      ...(version === undefined ? [] : [step(`${alter} UPDATE TO ${quoteString(version)}`, op)]),
      ...(namespace === undefined
        ? []
        : [step(`${alter} SET SCHEMA ${quoteIdentifier(namespace ?? "public")}`, op)]),
    ];
  },
};
