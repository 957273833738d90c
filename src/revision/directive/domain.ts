import type { Op } from "../../op/op.js";
import type { Domain, DomainCheck } from "../../schema/schema.js";
import type { DomainCheckInput, DomainInput, NameInput } from "../operations.js";
import { isSqlText, type SqlText } from "../sql-text.js";
import { checkName, checkOptions, flag, mistake, toName } from "./check-input.js";
import { type Spelling, toDefault, toExpression, toPlainType } from "./spelling.js";

const optionNames = ["type", "nullable", "notNull", "default", "collation", "checks"];

const at = (directive: string, name: NameInput) => toName(directive, "domain", name);

function toCheck(
  spelling: Spelling,
  directive: string,
  name: string,
  input: SqlText | DomainCheckInput,
  known: readonly string[],
): DomainCheck {
  // A plain string is most often a forgotten sql`…`, which is said where the expression is read.
  const check: DomainCheckInput =
    isSqlText(input) || typeof input === "string" ? { expression: input } : input;
  checkOptions(`${directive}, checks`, check, known);
  return {
    name: checkName(directive, "check", name),
    expression: toExpression(spelling, directive, "the check", check?.expression),
    validated: check.notValid !== true,
    comment: check.comment ?? null,
  };
}

function notNullName(directive: string, input: DomainInput): Pick<Domain, "notNullName"> {
  if (input.notNull === undefined) return {};
  checkOptions(`${directive}, notNull`, input.notNull, ["name"]);
  if (input.nullable === false) return { notNullName: checkName(directive, "NOT NULL", input.notNull.name) };
  throw mistake(`${directive} was given "notNull" for a domain that is nullable`, "Write nullable: false.");
}

function toDomain(
  spelling: Spelling,
  directive: string,
  name: NameInput,
  input: DomainInput,
  comments: readonly string[],
): Domain {
  checkOptions(directive, input, [...optionNames, ...comments]);
  const { checks, collation } = input;
  return {
    ...at(directive, name),
    type: toPlainType(spelling, directive, input.type),
    nullable: input.nullable ?? true,
    ...notNullName(directive, input),
    default: input.default === undefined ? null : toDefault(spelling, directive, input.default),
    collation: collation === undefined ? null : toName(directive, "collation", collation),
    checks: Object.entries(checks ?? {}).map(([check, given]) =>
      toCheck(spelling, directive, check, given, ["expression", "notValid", ...comments]),
    ),
    comment: input.comment ?? null,
  };
}

/** Directives on domains. */
export function domainDirectives(spelling: Spelling) {
  return {
    createDomain: (name: NameInput, domain: DomainInput): readonly Op<"create-domain">[] => [
      { kind: "create-domain", domain: toDomain(spelling, "createDomain", name, domain, ["comment"]) },
    ],
    alterDomain: (name: NameInput, domain: Omit<DomainInput, "comment">): readonly Op<"alter-domain">[] => [
      { kind: "alter-domain", domain: toDomain(spelling, "alterDomain", name, domain, []) },
    ],
    dropDomain(name: NameInput, options?: { readonly ifExists?: boolean }): readonly Op<"drop-domain">[] {
      checkOptions("dropDomain", options, ["ifExists"]);
      return [{ kind: "drop-domain", name: at("dropDomain", name), ...flag("ifExists", options?.ifExists) }];
    },
    renameDomain: (name: NameInput, to: string): readonly Op<"rename-domain">[] => [
      {
        kind: "rename-domain",
        name: at("renameDomain", name),
        to: checkName("renameDomain", "new domain", to),
      },
    ],
  };
}
