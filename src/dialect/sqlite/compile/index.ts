import type { ObjectName } from "../../../schema/name.js";
import type { Index, IndexKey } from "../../../schema/schema.js";
import { trimExpression } from "../expression.js";
import { quote, quoteName } from "../quote.js";
import { branchRemedy, unsupported } from "./unsupported.js";

function keyText(key: IndexKey): string {
  if (key.operatorClass !== null) throw unsupported(`operator classes (${key.operatorClass})`, branchRemedy);
  const subject =
    key.column !== null
      ? quote(key.column)
      : key.collation === null
        ? trimExpression(key.expression ?? "")
        : `(${trimExpression(key.expression ?? "")})`;
  const collation = key.collation === null ? "" : ` COLLATE ${quote(key.collation.name)}`;
  return `${subject}${collation}${key.order === "desc" ? " DESC" : ""}`;
}

/** `CREATE INDEX …` ("CREATE INDEX"). `concurrently` is a wish that SQLite, with its one writer, cannot grant. */
export function createIndexText(table: ObjectName, index: Index, ifNotExists = false): string {
  if (index.method !== "btree") throw unsupported(`${index.method} indexes`, branchRemedy);
  if (index.include.length > 0) throw unsupported("INCLUDE columns in indexes", branchRemedy);
  if (index.nullsNotDistinct) throw unsupported("NULLS NOT DISTINCT", branchRemedy);
  if (Object.keys(index.parameters).length > 0) throw unsupported("storage parameters", branchRemedy);
  const unique = index.unique ? "UNIQUE " : "";
  const exists = ifNotExists ? "IF NOT EXISTS " : "";
  const name = quoteName({ namespace: table.namespace, name: index.name });
  const keys = index.keys.map(keyText).join(", ");
  const where = index.where === null ? "" : ` WHERE ${trimExpression(index.where)}`;
  return `CREATE ${unique}INDEX ${exists}${name} ON ${quote(table.name)} (${keys})${where}`;
}
