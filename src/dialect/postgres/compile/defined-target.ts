import type { DefinedName } from "../../../schema/address.js";
import type { DefinedKind } from "../../../schema/schema.js";
import { quoteIdentifier, quoteName } from "../quote.js";

/** How COMMENT ON and DROP name an object. */
type Target = (object: DefinedName) => string;

const named =
  (word: string): Target =>
  (object) =>
    `${word} ${quoteName(object)}`;
const global =
  (word: string): Target =>
  ({ name }) =>
    `${word} ${quoteIdentifier(name)}`;
const routine =
  (word: string): Target =>
  (object) =>
    `${word} ${quoteName(object)}(${object.signature})`;
/**
 * One argument's mode, said, makes the list one of what goes in: without any, another procedure of that name is meant as
 * well whose OUT arguments complete it to the same list (DROP PROCEDURE, "Notes").
 */
const procedure: Target = (object) =>
  `PROCEDURE ${quoteName(object)}(${object.signature === "" ? "" : `IN ${object.signature}`})`;
const ofTable =
  (word: string): Target =>
  ({ name, table }) =>
    `${word} ${quoteIdentifier(name)} ON ${table === null ? "" : quoteName(table)}`;
const using =
  (word: string): Target =>
  (object) =>
    `${word} ${quoteName(object)} USING ${object.signature}`;

/** `+` stands bare: operators have names that no identifier could have. */
const operator: Target = ({ namespace, name, signature }) =>
  `OPERATOR ${namespace === null ? "" : `${quoteIdentifier(namespace)}.`}${name} (${signature})`;

const targets: Readonly<Record<DefinedKind, Target>> = {
  language: global("LANGUAGE"),
  collation: named("COLLATION"),
  "shell-type": named("TYPE"),
  "base-type": named("TYPE"),
  range: named("TYPE"),
  function: routine("FUNCTION"),
  procedure,
  aggregate: routine("AGGREGATE"),
  operator,
  "operator-family": using("OPERATOR FAMILY"),
  "operator-class": using("OPERATOR CLASS"),
  cast: ({ signature }) => `CAST (${signature})`,
  transform: ({ signature }) => `TRANSFORM ${signature}`,
  conversion: named("CONVERSION"),
  "access-method": global("ACCESS METHOD"),
  "text-search-parser": named("TEXT SEARCH PARSER"),
  "text-search-template": named("TEXT SEARCH TEMPLATE"),
  "text-search-dictionary": named("TEXT SEARCH DICTIONARY"),
  "text-search-configuration": named("TEXT SEARCH CONFIGURATION"),
  "foreign-data-wrapper": global("FOREIGN DATA WRAPPER"),
  server: global("SERVER"),
  "user-mapping": ({ name, signature }) => `USER MAPPING FOR ${signature} SERVER ${quoteIdentifier(name)}`,
  "foreign-table": named("FOREIGN TABLE"),
  statistics: named("STATISTICS"),
  rule: ofTable("RULE"),
  trigger: ofTable("TRIGGER"),
  "trigger-state": ({ signature }) => signature,
  "event-trigger": global("EVENT TRIGGER"),
  publication: global("PUBLICATION"),
  "default-privileges": ({ signature }) => signature,
  grant: ({ signature }) => signature,
};

/** How COMMENT ON names a defined object: `FUNCTION "total"(integer)`, `TRIGGER "touch" ON "users"`. */
export function definedTarget(object: DefinedName): string {
  return targets[object.kind](object);
}
