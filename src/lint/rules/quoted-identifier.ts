import type { ObjectName } from "../../schema/name.js";
import { onNewColumns } from "../new-columns.js";
import { defineRule, type Says } from "../rule.js";

const needsQuotes = (name: string): boolean => !/^[a-z_][a-z0-9_$]*$/.test(name);

const say = (name: string): Says =>
  needsQuotes(name)
    ? { message: `${name} has to be quoted wherever it is used`, object: name, at: name }
    : undefined;

const named = ({ name }: { readonly name: ObjectName }): Says => say(name.name);
const ofColumns = onNewColumns(({ definition, name }) =>
  definition !== null && needsQuotes(name)
    ? { message: `${name} has to be quoted wherever it is used`, object: name, at: name }
    : undefined,
);

export const rule = defineRule({
  id: "quoted-identifier",
  title: "A name that needs quotes",
  why: "Names with capitals, spaces or hyphens are found only in quotes; without them `OrderId` means `orderid`, and the error says that there is no such column.",
  remedy: "Use lower case and underscores, and let the ORM map its names.",
  severity: "off",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { "pg-migration-lint": ["PGM509"] },
  bad: ['CREATE TABLE "Orders" (id bigint PRIMARY KEY);', 'ALTER TABLE orders ADD COLUMN "orderDate" date;'],
  good: ["CREATE TABLE Orders (id bigint PRIMARY KEY);", 'CREATE TABLE "orders" ("id" bigint PRIMARY KEY);'],
  on: {
    ...ofColumns,
    "create-table": (act, context) => [
      ...[named(act) ?? []].flat(),
      ...[ofColumns["create-table"]?.(act, context) ?? []].flat(),
    ],
    "create-view": named,
    "create-sequence": named,
    "create-enum": named,
    "create-function": named,
    "create-index": (act) => (act.name === null ? undefined : say(act.name)),
    "create-schema": (act) => say(act.name),
  },
});
