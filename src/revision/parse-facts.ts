import type * as Acorn from "acorn";
import {
  type Constants,
  constantsOf,
  defaultExport,
  definitionOf,
  joinLineComments,
  parseProgram,
  propertyName,
  resolve,
  stringOf,
} from "./parse-header.js";
import type { Property } from "./scan-properties.js";

function propertyValue(node: Acorn.Node, constants: Constants): Property["value"] {
  const resolved = resolve(node, constants);
  const written = stringOf(resolved);
  if (written !== undefined) return { text: written };
  const isUndefined = resolved.type === "Identifier" && (resolved as Acorn.Identifier).name === "undefined";
  // What is computed or imported is something, even if only running the file would tell what.
  return resolved.type === "Literal" || isUndefined || resolved.type === "ObjectExpression"
    ? "nothing"
    : "given";
}

/**
 * The properties of a revision of any shape, and the comments above it, by parsing the whole file.
 * @throws AludelError `revision-unreadable` with file and line.
 */
export function parseFacts(
  file: string,
  text: string,
): { readonly properties: readonly Property[]; readonly comments: readonly string[] } {
  const { program, comments } = parseProgram(file, text);
  const exported = defaultExport(program);
  if (exported === null) return { properties: [], comments: [] };
  const constants = constantsOf(program);
  const properties = definitionOf(file, exported, constants).properties.flatMap((property): Property[] => {
    const name = property.type === "Property" ? propertyName(property) : null;
    if (property.type !== "Property" || name === null) return [];
    return [{ name, value: propertyValue(property.value, constants) }];
  });
  return { properties, comments: joinLineComments(comments) };
}
