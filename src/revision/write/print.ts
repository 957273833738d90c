/** TypeScript to be laid out: what may stay on one line and where it may break. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "template"; readonly lines: readonly TemplateLine[] | null; readonly flat: string }
  | { readonly kind: "array"; readonly items: readonly Node[] }
  | { readonly kind: "object"; readonly entries: readonly Entry[]; readonly open: boolean }
  | { readonly kind: "call"; readonly callee: string; readonly arguments: readonly Node[] }
  | { readonly kind: "chain"; readonly first: Node; readonly calls: readonly Node[] }
  | { readonly kind: "function"; readonly head: string; readonly body: readonly Node[] };

/** A line of a template; one that begins inside a quote may not be moved. */
export interface TemplateLine {
  readonly text: string;
  readonly movable: boolean;
}

/** A property of an object literal, its key spelled as source. */
export type Entry = readonly [key: string, value: Node];

const width = 100;

export const text = (source: string): Node => ({ kind: "text", text: source });
export const array = (items: readonly Node[]): Node => ({ kind: "array", items });
/** `open` asks for a line for each entry, however short they are. */
export const object = (entries: readonly Entry[], open = false): Node => ({ kind: "object", entries, open });
export const call = (callee: string, ...given: readonly Node[]): Node => ({
  kind: "call",
  callee,
  arguments: given,
});
export const chain = (first: Node, calls: readonly Node[]): Node =>
  calls.length === 0 ? first : { kind: "chain", first, calls };

/** The whole on one line; `null` when it has to have several. */
function flat(node: Node): string | null {
  switch (node.kind) {
    case "text":
      return node.text;
    case "template":
      return node.lines === null ? node.flat : null;
    case "array": {
      const items = flatAll(node.items);
      return items === null ? null : `[${items.join(", ")}]`;
    }
    case "object": {
      if (node.entries.length === 0) return "{}";
      if (node.open) return null;
      const values = flatAll(node.entries.map(([, value]) => value));
      return values === null
        ? null
        : `{ ${node.entries.map(([key], at) => property(key, values[at] ?? "")).join(", ")} }`;
    }
    case "call": {
      const given = flatAll(node.arguments);
      return given === null ? null : `${node.callee}(${given.join(", ")})`;
    }
    case "chain": {
      const parts = flatAll([node.first, ...node.calls]);
      return parts === null ? null : parts.join(".");
    }
    case "function":
      return null;
  }
}

function flatAll(nodes: readonly Node[]): readonly string[] | null {
  const texts: string[] = [];
  for (const node of nodes) {
    const one = flat(node);
    if (one === null) return null;
    texts.push(one);
  }
  return texts;
}

const property = (key: string, value: string): string => `${key}: ${value}`;

const canBreak = (node: Node | undefined): boolean =>
  node !== undefined &&
  ((node.kind === "object" && node.entries.length > 0) ||
    (node.kind === "array" && node.items.length > 0) ||
    (node.kind === "template" && (node.lines !== null || node.flat.includes("\n"))) ||
    node.kind === "function");

/**
 * Source of a node that begins at `column` of a line which is indented by `indent`, with `after` characters to follow
 * it on its last line.
 */
export function print(node: Node, indent: number, column: number, after: number): string {
  const single = flat(node);
  if (single !== null && column + single.length + after <= width) return single;
  const inner = " ".repeat(indent + 2);
  const end = " ".repeat(indent);
  switch (node.kind) {
    case "text":
      return node.text;
    case "template":
      return node.lines === null ? node.flat : printTemplate(node.lines, indent);
    case "array":
      return `[\n${node.items.map((item) => `${inner}${print(item, indent + 2, indent + 2, 1)},\n`).join("")}${end}]`;
    case "object":
      return `{\n${node.entries
        .map(([key, value]) => {
          return `${inner}${property(key, print(value, indent + 2, indent + 4 + key.length, 1))},\n`;
        })
        .join("")}${end}}`;
    case "call":
      return printCall(node, indent, column, after);
    case "chain":
      return printChain(node, indent, column, after);
    case "function":
      return `${node.head} {\n${node.body
        .map((statement) => `${inner}await ${print(statement, indent + 2, indent + 8, 1)};\n`)
        .join("")}${end}}`;
  }
}

function printTemplate(lines: readonly TemplateLine[], indent: number): string {
  const inner = " ".repeat(indent + 2);
  const text = lines.map((line) => (line.movable ? inner + line.text : line.text)).join("\n");
  return `sql\`\n${text}\n${" ".repeat(indent)}\``;
}

type Call = Extract<Node, { kind: "call" }>;

/** The last argument alone is broken where that is enough; otherwise every argument has a line. */
function printCall(node: Call, indent: number, column: number, after: number): string {
  const others = flatAll(node.arguments.slice(0, -1));
  const last = node.arguments.at(-1);
  if (others !== null && last !== undefined && canBreak(last)) {
    const start = `${node.callee}(${others.map((one) => `${one}, `).join("")}`;
    const head = last.kind === "function" ? `${last.head} {` : last.kind === "template" ? "sql`" : "{";
    if (column + start.length + head.length <= width) {
      return `${start}${print(last, indent, column + start.length, after + 1)})`;
    }
  }
  const inner = " ".repeat(indent + 2);
  const given = node.arguments.map((one) => `${inner}${print(one, indent + 2, indent + 2, 1)},\n`);
  return given.length === 0 ? `${node.callee}()` : `${node.callee}(\n${given.join("")}${" ".repeat(indent)})`;
}

/** Broken inside its last call where that is enough; otherwise a line for every call. */
function printChain(
  node: Extract<Node, { kind: "chain" }>,
  indent: number,
  column: number,
  after: number,
): string {
  const before = flatAll([node.first, ...node.calls.slice(0, -1)])?.join(".");
  const last = node.calls.at(-1);
  const breakable = last?.kind === "call" && canBreak(last.arguments.at(-1));
  if (before !== undefined && last !== undefined && breakable && column + before.length + 30 <= width) {
    return `${before}.${print(last, indent, column + before.length + 1, after)}`;
  }
  const inner = " ".repeat(indent + 2);
  const calls = node.calls.map((one) => `\n${inner}.${print(one, indent + 2, indent + 3, 1)}`);
  return `${print(node.first, indent, column, 0)}${calls.join("")}`;
}
