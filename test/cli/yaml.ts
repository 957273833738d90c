export type Yaml = string | null | readonly Yaml[] | { readonly [key: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads the part of YAML that the generated files keep to: blocks of maps and lists, plain and double-quoted scalars, which
 * are all given as text. Anything else is an error.
 */
export function readYaml(text: string): Yaml {
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"))
    .map((line): Line => ({ indent: line.search(/\S/), text: line.trim() }));
  const [value, rest] = block(lines);
  if (rest.length > 0) throw new Error(`not YAML: ${rest[0]?.text}`);
  return value;
}

function block(lines: readonly Line[]): readonly [Yaml, readonly Line[]] {
  const indent = lines[0]?.indent ?? 0;
  const isList = lines[0]?.text.startsWith("- ") ?? false;
  const list: Yaml[] = [];
  const map: Record<string, Yaml> = {};
  let rest = lines;
  for (let line = rest[0]; line?.indent === indent; line = rest[0]) {
    if (line.text.startsWith("- ") !== isList) throw new Error(`a list and a map: ${line.text}`);
    let value: Yaml;
    if (isList) {
      const inner = line.text.slice(2);
      const isMap = /^[\w-]+:(?: |$)/.test(inner);
      if (isMap) [value, rest] = block([{ indent: indent + 2, text: inner }, ...rest.slice(1)]);
      else [value, rest] = [scalar(inner), rest.slice(1)];
      list.push(value);
      continue;
    }
    const [, key = "", inline = ""] = /^([\w-]+):(?: (.+))?$/.exec(line.text) ?? [];
    if (key === "" || key in map) throw new Error(`no key, or twice: ${line.text}`);
    rest = rest.slice(1);
    if (inline !== "") value = scalar(inline);
    else if ((rest[0]?.indent ?? 0) > indent) [value, rest] = block(rest);
    else value = null;
    map[key] = value;
  }
  if ((rest[0]?.indent ?? 0) > indent) throw new Error(`indented too far: ${rest[0]?.text}`);
  return [isList ? list : map, rest];
}

function scalar(text: string): string {
  if (text.startsWith('"')) return JSON.parse(text) as string;
  // No indicator at the beginning, nothing that would begin a comment or a map.
  if (/^[\w./$]/.test(text) && !/: |\s#|:$/.test(text)) return text;
  throw new Error(`no plain scalar: ${text}`);
}
