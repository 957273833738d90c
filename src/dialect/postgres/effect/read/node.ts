import type { DefElem, Node, RangeVar, TypeName } from "libpg-query";
import type { Option } from "../../../../effect/syntax.js";
import type { ObjectName } from "../../../../schema/name.js";

/** The strings of a list of names; what is no string is left out. */
export function strings(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

/** `a`, `s.a` or `database.s.a`, taken apart. */
export function qualified(parts: readonly string[]): ObjectName {
  return { namespace: parts.at(-2) ?? null, name: parts.at(-1) ?? "" };
}

export function rangeName(range: RangeVar | undefined): ObjectName {
  return { namespace: range?.schemaname ?? null, name: range?.relname ?? "" };
}

export function typeNameOf(type: TypeName | undefined): ObjectName {
  return qualified(strings(type?.names));
}

/** The parts of a name in any of the forms that the parser has for them. */
export function nameParts(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if ("List" in node) return node.List.items?.flatMap(nameParts) ?? [];
  if ("String" in node) return [node.String.sval ?? ""];
  if ("TypeName" in node) return strings(node.TypeName.names);
  if ("ObjectWithArgs" in node) return strings(node.ObjectWithArgs.objname);
  if ("RangeVar" in node) {
    const { namespace, name } = rangeName(node.RangeVar);
    return namespace === null ? [name] : [namespace, name];
  }
  return [];
}

export function nodeName(node: Node | undefined): ObjectName {
  return qualified(nameParts(node));
}

/** The elements of an option list that are options. */
export function definitions(nodes: readonly Node[] | undefined): readonly DefElem[] {
  return (nodes ?? []).flatMap((node) => ("DefElem" in node ? [node.DefElem] : []));
}

export function definition(nodes: readonly Node[] | undefined, name: string): DefElem | undefined {
  return definitions(nodes).findLast((element) => element.defname === name);
}

/** Text of a constant, a word or a name that is given to an option; `null` for anything else. */
export function valueText(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if ("String" in node) return node.String.sval ?? "";
  if ("Integer" in node) return String(node.Integer.ival ?? 0);
  if ("Float" in node) return node.Float.fval ?? "";
  if ("Boolean" in node) return String(node.Boolean.boolval ?? false);
  if ("TypeName" in node) return strings(node.TypeName.names).at(-1) ?? null;
  if ("List" in node) return node.List.items?.map(valueText).join(".") ?? null;
  if ("TypeCast" in node) return valueText(node.TypeCast.arg);
  if ("A_Const" in node) {
    const { ival, fval, boolval, sval, bsval, isnull } = node.A_Const;
    if (isnull) return null;
    if (ival) return String(ival.ival ?? 0);
    if (boolval) return String(boolval.boolval ?? false);
    return fval?.fval ?? sval?.sval ?? bsval?.bsval ?? null;
  }
  return null;
}

export function optionsOf(nodes: readonly Node[] | undefined): readonly Option[] {
  return definitions(nodes).map(({ defnamespace, defname, arg }) => ({
    name: `${defnamespace === undefined ? "" : `${defnamespace}.`}${defname ?? ""}`,
    value: valueText(arg),
  }));
}

/** The value of a Boolean option: `(x)`, `(x true)`, `(x = off)`; false when it is not there. */
export function isOn(nodes: readonly Node[] | undefined, name: string): boolean {
  const found = definition(nodes, name);
  if (found === undefined) return false;
  const value = valueText(found.arg);
  return value === null || !/^(false|off|no|0|none)$/i.test(value);
}
