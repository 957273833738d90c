import type { BulkValue } from "../../op/op.js";
import type { ObjectName } from "../../schema/name.js";
import { array, call, type Entry, type Node, object, text } from "./print.js";

/** A string literal. */
export const string = (value: string): Node => text(JSON.stringify(value));
export const strings = (values: readonly string[]): Node => array(values.map(string));

/** A key of an object literal; `__proto__` would not be a key without its brackets. */
export function key(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** True when an object would not keep the order of such a key: it comes before all that are no numbers. */
export const isIntegerLike = (name: string): boolean => /^(?:0|[1-9]\d*)$/.test(name);

/** A table's, view's … name. */
export function objectName({ namespace, name }: ObjectName): Node {
  if (namespace === null) return string(name);
  return object([
    ["schema", string(namespace)],
    ["name", string(name)],
  ]);
}

/** An options object as the last argument, or no argument where there are no options. */
export const optional = (entries: readonly Entry[]): readonly Node[] =>
  entries.length === 0 ? [] : [object(entries)];

/** An option that is only written where it holds. */
export const option = (name: string, holds: boolean | undefined): readonly Entry[] =>
  holds === true ? [[name, text("true")]] : [];

/** Text under a key, in the order of the record. */
export const texts = (record: Readonly<Record<string, string>>): Node =>
  object(Object.entries(record).map(([name, value]): Entry => [key(name), string(value)]));

function number(value: number): Node {
  return text(Object.is(value, -0) ? "-0" : String(value));
}

/** A value of a row. Everything reads back as what it was. */
export function bulkValue(value: BulkValue | undefined): Node {
  if (value === null || typeof value === "boolean" || value === undefined) return text(String(value));
  if (typeof value === "string") return string(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "bigint") return text(`${value}n`);
  if (value instanceof Date) return call("new Date", string(value.toISOString()));
  if (value instanceof Uint8Array) return call("Uint8Array.from", array([...value].map(number)));
  if (Array.isArray(value)) return array(value.map((one) => bulkValue(one as BulkValue)));
  return object(Object.entries(value).map(([name, one]): Entry => [key(name), bulkValue(one as BulkValue)]));
}
