import { createRequire } from "node:module";
import type * as Acorn from "acorn";
import { AludelError } from "../error/error.js";
import { type Header, readComments, repeatableMistake } from "./header.js";
import { nameMistake, nameRemedy } from "./name-rule.js";
import { isPhaseMistake, type PhaseHeader, readPhase } from "./phase.js";

type Sucrase = typeof import("sucrase");

const require = createRequire(import.meta.url);

/** Where a mistake in a revision file is. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function unreadable(
  message: string,
  remedy: string,
  place: Partial<Place>,
  cause?: unknown,
): AludelError {
  return new AludelError("revision-unreadable", message, {
    remedy,
    where: place,
    ...(cause === undefined ? {} : { cause }),
  });
}

const shape = "export default defineRevision({ id, revises, upgrade, downgrade })";

export function placeOf(file: string, node: Acorn.Node): Place {
  return { file, line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1 };
}

/** The program without its types. Both parsers keep lines as they are. */
export function parseProgram(file: string, text: string): { program: Acorn.Program; comments: string[] } {
  const acorn = require("acorn") as typeof Acorn;
  const { transform } = require("sucrase") as Sucrase;
  const comments: string[] = [];
  try {
    const { code } = transform(text, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
    });
    const seen: { text: string; start: number }[] = [];
    const program = acorn.parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowHashBang: true,
      onComment: (block, comment, start) =>
        seen.push({ text: block ? `/*${comment}*/` : `//${comment}`, start }),
    });
    const first = program.body.find((node) => node.type !== "ImportDeclaration");
    const firstCode = first?.start ?? Number.POSITIVE_INFINITY;
    comments.push(...seen.filter((one) => one.start < firstCode).map((one) => one.text));
    return { program, comments };
  } catch (thrown) {
    throw syntaxError(file, thrown);
  }
}

function syntaxError(file: string, thrown: unknown): AludelError {
  const { loc, message } = thrown as { loc?: { line?: number; column?: number }; message?: string };
  const what = (message ?? "")
    .replace(/^Error transforming file: |^SyntaxError: /g, "")
    .replace(/\s*\(\d+:\d+\)$/, "");
  return unreadable(
    `The file has a syntax error: ${what.replace(/^SyntaxError: /, "")}`,
    "Correct the file; an editor with TypeScript shows the place.",
    { file, line: loc?.line ?? 1, ...(loc?.column === undefined ? {} : { column: loc.column + 1 }) },
    thrown,
  );
}

/** Constants of the file's top level, by name. */
export function constantsOf(program: Acorn.Program): ReadonlyMap<string, Acorn.Expression> {
  const constants = new Map<string, Acorn.Expression>();
  for (const statement of program.body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === "Identifier" && init) constants.set(id.name, init);
    }
  }
  return constants;
}

const isModuleExports = (node: Acorn.Node): boolean => {
  const member = node as Acorn.MemberExpression;
  return (
    member.type === "MemberExpression" &&
    member.object.type === "Identifier" &&
    member.property.type === "Identifier" &&
    ((member.object.name === "module" && member.property.name === "exports") ||
      (member.object.name === "exports" && member.property.name === "default"))
  );
};

/** What the file exports by default, as an expression. */
export function defaultExport(program: Acorn.Program): Acorn.Node | null {
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") return statement.declaration;
    if (
      statement.type === "ExpressionStatement" &&
      statement.expression.type === "AssignmentExpression" &&
      isModuleExports(statement.expression.left)
    ) {
      return statement.expression.right;
    }
  }
  return null;
}

export type Constants = ReadonlyMap<string, Acorn.Expression>;

/** Follows a name to the constant that it stands for. */
export function resolve(node: Acorn.Node, constants: Constants, depth = 0): Acorn.Node {
  if (node.type !== "Identifier" || depth > 8) return node;
  const constant = constants.get((node as Acorn.Identifier).name);
  return constant === undefined ? node : resolve(constant, constants, depth + 1);
}

export function definitionOf(file: string, node: Acorn.Node, constants: Constants): Acorn.ObjectExpression {
  const resolved = resolve(node, constants);
  if (resolved.type === "CallExpression") {
    const call = resolved as Acorn.CallExpression;
    const argument = call.arguments[0];
    if (
      call.callee.type === "Identifier" &&
      call.callee.name === "defineRevision" &&
      argument !== undefined
    ) {
      return definitionOf(file, argument, constants);
    }
  }
  if (resolved.type === "ObjectExpression") return resolved as Acorn.ObjectExpression;
  throw unreadable("The default export is no revision", `Write ${shape}.`, placeOf(file, resolved));
}

const metadataNames = ["id", "revises", "dependsOn", "labels", "repeatable", "phase", "waitsFor"] as const;
type MetadataName = (typeof metadataNames)[number];

export function propertyName(property: Acorn.Property): string | null {
  if (property.key.type === "Identifier" && !property.computed) return property.key.name;
  return property.key.type === "Literal" ? String(property.key.value) : null;
}

function propertiesOf(
  file: string,
  definition: Acorn.ObjectExpression,
): ReadonlyMap<MetadataName, Acorn.Expression> {
  const found = new Map<MetadataName, Acorn.Expression>();
  for (const property of definition.properties) {
    if (property.type === "SpreadElement") {
      throw unreadable(
        "The revision takes properties from another object, which could hide its id",
        "Write id, revises, dependsOn and labels out in the file.",
        placeOf(file, property),
      );
    }
    const name = metadataNames.find((one) => one === propertyName(property));
    if (name !== undefined) found.set(name, property.value);
  }
  return found;
}

/** A string without holes, however it is written; `undefined` when it is none. */
export function stringOf(node: Acorn.Node): string | undefined {
  if (node.type === "Literal") {
    const { value } = node as Acorn.Literal;
    return typeof value === "string" ? value : undefined;
  }
  if (node.type !== "TemplateLiteral") return undefined;
  const template = node as Acorn.TemplateLiteral;
  return template.expressions.length === 0 ? (template.quasis[0]?.value.cooked ?? undefined) : undefined;
}

interface Reading {
  readonly file: string;
  readonly constants: Constants;
}

function readString(reading: Reading, name: MetadataName, node: Acorn.Node): string {
  const value = stringOf(resolve(node, reading.constants));
  const place = placeOf(reading.file, node);
  if (value === undefined) {
    throw unreadable(
      `The revision's ${name} is computed, so that it cannot be read without running the file`,
      `Write it as a string: ${name}: "4f2a91c04b7d".`,
      place,
    );
  }
  const kind = name === "id" || name === "revises" ? "id" : "label";
  const mistake = nameMistake(kind, value);
  if (mistake === null) return value;
  throw unreadable(`The revision's ${name} ${JSON.stringify(value)} ${mistake}`, nameRemedy[kind], place);
}

function readStrings(reading: Reading, name: MetadataName, node: Acorn.Node | undefined): readonly string[] {
  if (node === undefined) return [];
  const resolved = resolve(node, reading.constants);
  if (resolved.type === "Literal" && (resolved as Acorn.Literal).value === null) return [];
  if (resolved.type !== "ArrayExpression") return [readString(reading, name, node)];
  return (resolved as Acorn.ArrayExpression).elements.map((element) =>
    readString(reading, name, element ?? resolved),
  );
}

/** @throws AludelError `revision-unreadable` for what is neither `true` nor `false`. */
function readRepeatable({ file, constants }: Reading, node: Acorn.Node | undefined): boolean {
  if (node === undefined) return false;
  const resolved = resolve(node, constants);
  const value = resolved.type === "Literal" ? (resolved as Acorn.Literal).value : undefined;
  if (typeof value === "boolean") return value;
  throw unreadable(
    "Whether the revision is repeatable cannot be read without running the file",
    "Write repeatable: true.",
    placeOf(file, node),
  );
}

/** @throws AludelError `revision-unreadable` for what is computed, and for what cannot be. */
function readPhaseOf(
  { file, constants }: Reading,
  properties: ReadonlyMap<MetadataName, Acorn.Expression>,
): PhaseHeader {
  const texts = (name: "phase" | "waitsFor", example: string): readonly string[] => {
    const node = properties.get(name);
    if (node === undefined) return [];
    const resolved = resolve(node, constants);
    const isList = name === "waitsFor" && resolved.type === "ArrayExpression";
    const nodes = isList ? (resolved as Acorn.ArrayExpression).elements : [resolved];
    return nodes.map((one) => {
      const text = stringOf(resolve(one ?? resolved, constants));
      if (text !== undefined) return text;
      throw unreadable(
        `The revision's ${name} is no text that could be read without running the file`,
        `Write it as a string: ${name}: "${example}".`,
        placeOf(file, node),
      );
    });
  };
  const read = readPhase(texts("phase", "contract")[0], texts("waitsFor", "app@1.42"));
  if (!isPhaseMistake(read)) return read;
  const place = properties.get("phase") ?? properties.get("waitsFor");
  throw unreadable(read.message, read.remedy, place === undefined ? { file } : placeOf(file, place));
}

/** Line comments that follow one another are one comment. */
export function joinLineComments(comments: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const comment of comments) {
    const last = joined.at(-1);
    if (comment.startsWith("//") && last?.startsWith("//")) joined[joined.length - 1] = `${last}\n${comment}`;
    else joined.push(comment);
  }
  return joined;
}

/**
 * Reads the header of a TypeScript or JavaScript revision of any shape, by parsing the whole file and evaluating only
 * literals. Nothing is run.
 *
 * @throws AludelError `revision-unreadable` with file, line and column.
 */
export function parseHeader(file: string, text: string): Header {
  const { program, comments } = parseProgram(file, text);
  const exported = defaultExport(program);
  if (exported === null)
    throw unreadable("The file has no default export", `Write ${shape}.`, { file, line: 1 });
  const reading: Reading = { file, constants: constantsOf(program) };
  const definition = definitionOf(file, exported, reading.constants);
  const properties = propertiesOf(file, definition);
  const id = properties.get("id");
  const revises = properties.get("revises");
  const repeatable = readRepeatable(reading, properties.get("repeatable"));
  if (id === undefined || (revises === undefined && !repeatable)) {
    throw unreadable(
      `The revision has no ${id === undefined ? "id" : "revises"}`,
      id === undefined
        ? 'Give it one: id: "4f2a91c04b7d".'
        : "Name its parent, or null for the first revision.",
      placeOf(file, definition),
    );
  }
  const header: Header = {
    id: readString(reading, "id", id),
    revises: readStrings(reading, "revises", revises),
    dependsOn: readStrings(reading, "dependsOn", properties.get("dependsOn")),
    labels: readStrings(reading, "labels", properties.get("labels")),
    ...(repeatable && { repeatable }),
    ...readPhaseOf(reading, properties),
    ...readComments(joinLineComments(comments)),
  };
  const mistake = repeatableMistake(header);
  if (mistake !== null) throw unreadable(mistake.message, mistake.remedy, placeOf(file, definition));
  return header;
}
