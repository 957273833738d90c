/**
 * How values come back, the same from a server and from PGlite:
 * `boolean` → boolean · `smallint`, `integer`, `oid`, `real`, `double precision` → number · `json`, `jsonb` → parsed ·
 * `bytea` → Buffer · `timestamp with time zone` → Date (an infinite one as text; cast to text to keep microseconds) ·
 * arrays → arrays of these · everything else → the text that PostgreSQL writes: `bigint` and `numeric` because a
 * number would round them, `date` and `timestamp` because a Date would depend on the time zone of this process.
 */
export type Parse = (text: string) => unknown;

const asText: Parse = (text) => text;

function parseBytes(text: string): Buffer {
  if (text.startsWith("\\x")) return Buffer.from(text.slice(2), "hex");
  const bytes = text.replace(/\\(\d{3}|\\)/g, (_, escaped: string) =>
    escaped === "\\" ? "\\" : String.fromCharCode(Number.parseInt(escaped, 8)),
  );
  return Buffer.from(bytes, "latin1");
}

function parseInstant(text: string): unknown {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(?::?(\d\d))?(?::\d\d)?$/.exec(
    text,
  );
  if (!parts) return text; // infinity, BC, a year beyond 9999, a DateStyle that is not ISO
  const [, year, month, day, time, fraction = "", hours, minutes = "00"] = parts;
  return new Date(`${year}-${month}-${day}T${time}${fraction.slice(0, 4)}${hours}:${minutes}`);
}

const scalars: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [16, (text) => text === "t" || text === "true"],
  [17, parseBytes],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, JSON.parse],
  [3802, JSON.parse],
  [1184, parseInstant],
]);

/** Type → its array type (pg_type.dat), for those whose arrays come back as arrays. */
const arrays: readonly (readonly [element: number, array: number])[] = [
  ...([
    [16, 1000],
    [17, 1001],
    [18, 1002],
    [19, 1003],
    [20, 1016],
    [21, 1005],
    [23, 1007],
    [24, 1008],
  ] as const),
  ...([
    [25, 1009],
    [26, 1028],
    [114, 199],
    [700, 1021],
    [701, 1022],
    [829, 1040],
    [869, 1041],
    [650, 651],
  ] as const),
  ...([
    [1042, 1014],
    [1043, 1015],
    [1082, 1182],
    [1083, 1183],
    [1114, 1115],
    [1184, 1185],
    [1186, 1187],
  ] as const),
  ...([
    [1266, 1270],
    [1560, 1561],
    [1562, 1563],
    [1700, 1231],
    [2205, 2210],
    [2206, 2211],
    [2950, 2951],
  ] as const),
  ...([
    [3802, 3807],
    [4089, 4090],
    [4096, 4097],
  ] as const),
];

/** An array as PostgreSQL writes it: `{a,"b,c",NULL,{…}}`, perhaps with bounds before it: `[0:1]={a,b}`. */
export function parseArray(text: string, parse: Parse): unknown[] {
  let at = text.indexOf("{");
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at++; // past the brace
    while (at < text.length && text[at] !== "}") {
      if (text[at] === ",") at++;
      if (text[at] === "{") items.push(list());
      else if (text[at] === '"') items.push(parse(quoted()));
      else {
        const end = /[,}]/g;
        end.lastIndex = at;
        const stop = end.exec(text)?.index ?? text.length;
        const item = text.slice(at, stop);
        items.push(item === "NULL" ? null : parse(item));
        at = stop;
      }
    }
    at++;
    return items;
  };
  const quoted = (): string => {
    let item = "";
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      item += text[at] ?? "";
    }
    at++;
    return item;
  };
  return list();
}

const arrayParsers: ReadonlyMap<number, Parse> = new Map(
  arrays.map(([element, array]) => {
    const parse = scalars.get(element) ?? asText;
    return [array, (text: string) => parseArray(text, parse)] as const;
  }),
);

/** Types that do not come back as text. */
export const parsedTypes: readonly number[] = [...scalars.keys(), ...arrayParsers.keys()];

/** The function that reads values of a type, given by its oid, from the text that PostgreSQL sends. */
export function parserOf(oid: number): Parse {
  return scalars.get(oid) ?? arrayParsers.get(oid) ?? asText;
}
