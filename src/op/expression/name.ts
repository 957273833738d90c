import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";
import { Text, type Token, unquote } from "../tokens.js";

/** Words that have a meaning of their own where a column could stand, so that without quotes they are no column. */
export const words = new Set(
  `all and any array as asc at between both by case cast check collate column constraint create cross current_date
  current_time current_timestamp current_user default delete desc distinct do else end escape except exists extract
  false fetch filter for foreign from full glob grant group having ilike in inner insert intersect interval into is
  isnull join lateral leading left like limit localtime localtimestamp match natural not notnull null nullif offset
  on only or order outer over overlaps placing position primary references regexp returning right row select
  session_user set similar some substring symmetric table then to trailing trim true union unique update user using
  values variadic when where window with within`.split(/\s+/),
);

/** True when the token, as an identifier, is `name`: exactly when quoted, folded to lower case when bare. */
export function names(token: Token | undefined, name: string): boolean {
  if (token === undefined) return false;
  if (token.kind === "quoted") return unquote(token.text) === name;
  return token.kind === "bare" && (token.text === name || token.text.toLowerCase() === name.toLowerCase());
}

const plain = /^[a-z_][a-z0-9_]*$/;

/** An identifier as the text needs it: bare where the one it replaces was bare and the name allows it. */
function spell(name: string, instead: Token): string {
  if (instead.kind === "bare" && plain.test(name) && !words.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A cheap test that comes first: most texts do not have the name in them at all. */
export function mayContain(text: string, name: string): boolean {
  return /["'`]/.test(name) || text.toLowerCase().includes(name.toLowerCase());
}

/** Words that no engine takes for the name of an object unless they are quoted. */
const reserved = new Set(
  `all and case check collate constraint create default distinct else except foreign from group having in intersect into
  limit not null on or order primary references select table then to union unique using when where`.split(
    /\s+/,
  ),
);

/** True when the token at `position` is `name`, and what is written before it with a dot is its namespace. */
export function namesObject(text: Text, position: number, name: ObjectName): boolean {
  const token = text.at(position);
  if (!names(token, name.name)) return false;
  if (token?.kind === "bare" && reserved.has(token.text.toLowerCase())) return false;
  if (!text.is(position - 1, ".")) return true;
  return name.namespace === null || names(text.at(position - 2), name.namespace);
}

/** Gives the name at `position` another namespace, or none. */
export function requalify(text: Text, position: number, { namespace }: ObjectName): void {
  const token = text.at(position);
  if (token === undefined) return;
  if (text.is(position - 1, ".")) {
    if (namespace !== null) respell(text, position - 2, namespace);
    else for (const place of [position - 2, position - 1]) text.replace(place, "");
  } else if (namespace !== null) {
    const bare = { ...token, kind: "bare" } as const;
    text.replace(position, `${spell(namespace, bare)}.${token.text}`);
  }
}

/** The text after `change` has replaced some of its tokens. */
export function rewrite(expression: Expression, change: (text: Text) => void): Expression {
  const text = new Text(expression);
  change(text);
  return text.join();
}

/** Puts `name` in the place of the identifier at `position`. */
export function respell(text: Text, position: number, name: string): void {
  const token = text.at(position);
  if (token !== undefined) text.replace(position, spell(name, token));
}
