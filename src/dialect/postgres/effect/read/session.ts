import type { DoStmt, Node, TransactionStmt, VariableSetStmt } from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { Query } from "../../../../effect/syntax.js";
import { definition, nameParts, valueText } from "./node.js";

export function readTransaction(node: TransactionStmt): Act {
  const chain = node.chain ?? false;
  const name = node.savepoint_name ?? "";
  switch (node.kind) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      return {
        kind: "begin",
        readOnly: valueText(definition(node.options, "transaction_read_only")?.arg) === "1",
      };
    case "TRANS_STMT_COMMIT":
      return { kind: "commit", chain };
    case "TRANS_STMT_ROLLBACK":
      return { kind: "rollback", chain };
    case "TRANS_STMT_SAVEPOINT":
      return { kind: "savepoint", change: "define", name };
    case "TRANS_STMT_RELEASE":
      return { kind: "savepoint", change: "release", name };
    case "TRANS_STMT_ROLLBACK_TO":
      return { kind: "savepoint", change: "rollback", name };
    case "TRANS_STMT_PREPARE":
      return { kind: "prepared-transaction", change: "prepare" };
    case "TRANS_STMT_ROLLBACK_PREPARED":
      return { kind: "prepared-transaction", change: "rollback" };
    default:
      return { kind: "prepared-transaction", change: "commit" };
  }
}

export function readSet(node: VariableSetStmt): Act {
  const isValue = node.kind === "VAR_SET_VALUE" || node.kind === "VAR_SET_MULTI";
  return {
    kind: "set",
    name: node.kind === "VAR_RESET_ALL" ? "*" : (node.name ?? "").toLowerCase(),
    values: isValue ? (node.args ?? []).map((one) => valueText(one) ?? "") : [],
    local: node.is_local ?? false,
  };
}

/** `SELECT set_config('search_path', '', false)`, as pg_dump writes it, is a SET. */
export function readSetConfig(query: Query): readonly Act[] {
  return query.calls.flatMap(({ name, texts }): Act[] => {
    const [setting, value, local] = texts;
    if (name.name !== "set_config" || setting === null || setting === undefined || typeof value !== "string")
      return [];
    const values = setting.toLowerCase() === "search_path" ? value.split(",").map(unquoted) : [value];
    return [{ kind: "set", name: setting.toLowerCase(), values, local: local === "true" }];
  });
}

function unquoted(name: string): string {
  const trimmed = name.trim();
  return trimmed.startsWith('"') ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed.toLowerCase();
}

export function readDo(node: DoStmt): Act<"do-block"> {
  const language = valueText(definition(node.args, "language")?.arg) ?? "plpgsql";
  const body: Node | undefined = definition(node.args, "as")?.arg;
  return { kind: "do-block", language: language.toLowerCase(), body: nameParts(body)[0] ?? "" };
}
