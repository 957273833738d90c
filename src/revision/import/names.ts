import { isKeyword } from "../graph/target.js";
import type { Header } from "../header.js";

/** What the name of a migration says: `20240131120000_add_users`, `0003_smiling_hulk`. */
export function headerOfName(name: string): Header {
  return {
    id: idOf(name),
    revises: [],
    dependsOn: [],
    labels: [],
    message: messageOf(name),
    createdAt: dateOf(name),
  };
}

/** The name as an id: what an id cannot have becomes `_`. */
export function idOf(name: string): string {
  const id = name.replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "_").replace(/^\.+|\.+$/g, "");
  return id === "" || id === "none" || isKeyword(id) ? `_${id}` : id;
}

/** What stands behind the number, as words. */
export function messageOf(name: string): string {
  const words = (text: string) => text.replace(/[_-]+/g, " ").trim();
  return words(name.replace(/^\d+(?=[_-])/, "")) || name;
}

/** The time that a number at the beginning of a name stands for, in UTC; `null` where it is none. */
export function dateOf(name: string): Date | null {
  const found = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?!\d)/.exec(name);
  if (found === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = found;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const date = new Date(text);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 19));
  return isReal ? date : null;
}
