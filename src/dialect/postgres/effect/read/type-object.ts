import type {
  AlterDomainStmt,
  AlterFunctionStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateFunctionStmt,
  DefElem,
  DefineStmt,
  Node,
  VariableSetStmt,
} from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { Volatility } from "../../../../effect/act-object.js";
import type { ConstraintDefinition, Option } from "../../../../effect/syntax.js";
import { readConstraint } from "./constraint.js";
import { readOptional } from "./expression.js";
import { definition, definitions, nameParts, qualified, rangeName, strings, valueText } from "./node.js";
import type { StatementText } from "./statement-text.js";
import { readType } from "./type.js";

export function readComposite(node: CompositeTypeStmt): Act {
  return {
    kind: "create-type",
    name: rangeName(node.typevar),
    attributes: (node.coldeflist ?? []).flatMap((one) =>
      "ColumnDef" in one
        ? [{ name: one.ColumnDef.colname ?? "", type: readType(one.ColumnDef.typeName) }]
        : [],
    ),
    form: "composite",
  };
}

/** CREATE TYPE of a base type; CREATE AGGREGATE, OPERATOR, COLLATION … are of the same syntax. */
export function readDefine(node: DefineStmt): Act {
  const name = qualified(strings(node.defnames));
  if (node.kind !== "OBJECT_TYPE") {
    return {
      kind: "other",
      command: `CREATE ${(node.kind ?? "").replace("OBJECT_", "")}`,
      options: [],
      transaction: true,
    };
  }
  const isShell = (node.definition ?? []).length === 0;
  return { kind: "create-type", name, form: isShell ? "shell" : "base", attributes: [] };
}

export function readCreateDomain(node: CreateDomainStmt, text: StatementText): Act {
  const nodes = (node.constraints ?? []).flatMap((one) => ("Constraint" in one ? [one.Constraint] : []));
  const checks = nodes
    .map((one) => readConstraint(one, text))
    .filter((one): one is ConstraintDefinition => one?.kind === "check");
  return {
    kind: "create-domain",
    name: qualified(strings(node.domainname)),
    base: readType(node.typeName),
    notNull: nodes.some(({ contype }) => contype === "CONSTR_NOTNULL"),
    default: readOptional(nodes.find(({ contype }) => contype === "CONSTR_DEFAULT")?.raw_expr, text),
    checks,
  };
}

export function readAlterDomain(node: AlterDomainStmt, text: StatementText): Act {
  const name = qualified(strings(node.typeName));
  const domain = (change: Act<"alter-domain">["change"]): Act => ({ kind: "alter-domain", name, change });
  const constraint = node.name ?? "";
  switch (node.subtype) {
    case "T":
      return domain({ kind: "set-default", default: readOptional(node.def, text) });
    case "N":
      return domain({ kind: "drop-not-null" });
    case "O":
      return domain({ kind: "set-not-null" });
    case "X":
      return domain({ kind: "drop-constraint", constraint, ifExists: node.missing_ok ?? false });
    case "V":
      return domain({ kind: "validate-constraint", constraint });
    default: {
      const added =
        node.def !== undefined && "Constraint" in node.def ? readConstraint(node.def.Constraint, text) : null;
      return added === null
        ? {
            kind: "not-analysed",
            why: "unknown-statement",
            reason: "a change of a domain of unknown kind",
            line: null,
          }
        : domain({ kind: "add-constraint", constraint: added });
    }
  }
}

const volatilities = new Set<string>(["immutable", "stable", "volatile"]);

function volatilityOf(element: DefElem | undefined): Volatility | null {
  const word = valueText(element?.arg);
  return word !== null && volatilities.has(word) ? (word as Volatility) : null;
}

function settingsOf(nodes: readonly Node[] | undefined): readonly Option[] {
  return definitions(nodes).flatMap(({ defname, arg }) => {
    if (defname !== "set" || arg === undefined || !("VariableSetStmt" in arg)) return [];
    const { name = "", args } = arg.VariableSetStmt as VariableSetStmt;
    return [{ name, value: (args ?? []).map(valueText).join(", ") }];
  });
}

/** What is no input: OUT and TABLE columns. */
const outputs = new Set(["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"]);

export function readCreateFunction(node: CreateFunctionStmt, text: StatementText): Act {
  const body = definition(node.options, "as")?.arg;
  const returns = node.returnType === undefined ? null : readType(node.returnType);
  return {
    kind: "create-function",
    name: qualified(strings(node.funcname)),
    form: node.is_procedure ? "procedure" : "function",
    replace: node.replace ?? false,
    arguments: (node.parameters ?? []).flatMap((one) =>
      "FunctionParameter" in one && !outputs.has(one.FunctionParameter.mode ?? "")
        ? [readType(one.FunctionParameter.argType)]
        : [],
    ),
    returns,
    language: (valueText(definition(node.options, "language")?.arg) ?? "sql").toLowerCase(),
    volatility: volatilityOf(definition(node.options, "volatility")) ?? "volatile",
    securityDefiner: valueText(definition(node.options, "security")?.arg) === "true",
    settings: settingsOf(node.options),
    body: nameParts(body)[0] ?? null,
    definition: text.whole,
    trigger: returns?.name === "trigger",
  };
}

export function readAlterFunction(node: AlterFunctionStmt): Act {
  const security = definition(node.actions, "security");
  return {
    kind: "alter-function",
    name: qualified(strings(node.func?.objname)),
    volatility: volatilityOf(definition(node.actions, "volatility")),
    securityDefiner: security === undefined ? null : valueText(security.arg) === "true",
    settings: settingsOf(node.actions),
  };
}
