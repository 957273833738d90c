const leading = /(?:\s+|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*)*/y;
const aludelImport = /import\s*\{([\w$\s,]*)\}\s*from\s*(?:"aludel"|'aludel')/y;
const statement = /^[ \t]*(?:import|export)\b/gm;
const exportDefault = /^export default /m;
const typeSpecifier = /\btype\s+[\w$]/;
/** A call with type arguments, `query<Row>(…)`: the one thing in TypeScript that JavaScript reads as something else. */
const typeArguments = /(?<!=)>\s*[(`]/;

/**
 * The file as a script, if nothing has to be done for that but to spell its import of "aludel" and its default export
 * differently: so it is with what Aludel writes. `null` for anything else. Lines stay where they are.
 *
 * Whether the rest is JavaScript is for the engine to say when it compiles the script: types are syntax errors there,
 * all but those that are looked for here.
 */
export function plainScript(text: string): string | null {
  if (typeArguments.test(text)) return null;
  leading.lastIndex = 0;
  leading.exec(text);
  const start = leading.lastIndex;
  aludelImport.lastIndex = start;
  const found = aludelImport.exec(text);
  const names = found?.[1] ?? "";
  if (typeSpecifier.test(names)) return null;
  const end = found === null ? start : aludelImport.lastIndex;
  const rest = text.slice(end);
  if ((rest.match(statement)?.length ?? 0) !== 1 || !exportDefault.test(rest)) return null;
  const imported =
    found === null ? "" : `const {${names.replace(/([\w$]+)\s+as\s+/g, "$1: ")}} = require("aludel")`;
  return `"use strict";${text.slice(0, start)}${imported}${rest.replace(exportDefault, "exports.default = ")}`;
}
