/** What a type can hold, as the text that the type reads (manual, chapter 8). */
export interface TextValues {
  readonly ordinary: (n: number) => string;
  readonly odd: readonly string[];
  readonly pool: readonly string[];
  /** A constant of a condition, if the type reads it. */
  readonly accepts: (text: string) => boolean;
  readonly ofLength?: (length: number) => readonly string[];
}

const integerPattern = /^[+-]?\d{1,19}$/;
const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function integers(minimum: bigint, maximum: bigint): TextValues {
  return {
    ordinary: (n) => String(n + 1),
    odd: [String(maximum), String(minimum), "0", "-1"].filter((text) => BigInt(text) >= minimum),
    pool: [
      "0",
      "1",
      "2",
      "3",
      "5",
      "7",
      "10",
      "12",
      "20",
      "50",
      "99",
      "100",
      "200",
      "443",
      "1000",
      "2026",
      "-1",
    ],
    accepts: (text) => integerPattern.test(text) && BigInt(text) >= minimum && BigInt(text) <= maximum,
  };
}

/** `numeric(precision, scale)`; a negative scale rounds before the point, one above the precision leaves only small ones. */
function numeric(modifiers: readonly string[]): TextValues {
  const precision = Number(modifiers[0] ?? 38);
  const scale = Number(modifiers[1] ?? (modifiers[0] === undefined ? 10 : 0));
  const whole = Math.max(0, precision - Math.max(scale, 0));
  const fits = (text: string) => {
    if (!decimalPattern.test(text) || /e/i.test(text)) return false;
    const [before = ""] = text.replace(/^[+-]/, "").split(".");
    return before.replace(/^0+/, "").length <= whole;
  };
  const unit = (n: number) =>
    whole >= 3 ? String(n + 1) : (n % 9 === 0 ? "0" : `${whole > 0 ? n % 9 : 0}`) + fraction(n, scale);
  const most = `${"9".repeat(Math.min(whole, 30)) || "0"}${scale > 0 ? `.${"9".repeat(Math.min(scale, 20))}` : ""}`;
  return {
    ordinary: unit,
    odd: [most, `-${most}`, "0"],
    pool: ["0", "0.5", "1", "2", "5", "10", "12.5", "50", "99", "100", "1000", "-1", "0.01", "0.9"].filter(
      fits,
    ),
    accepts: fits,
  };
}

function fraction(n: number, scale: number): string {
  return scale <= 0
    ? ""
    : `.${String((n * 7 + 1) % 10 ** Math.min(scale, 6)).padStart(Math.min(scale, 6), "0")}`;
}

const floats = (most: string): TextValues => ({
  ordinary: (n) => `${n + 1}.5`,
  odd: [most, `-${most}`, "0", "-0.25"],
  pool: ["0", "0.5", "1", "2", "5", "10", "45", "90", "100", "1000", "-1"],
  accepts: (text) => decimalPattern.test(text),
});

/** Texts of shapes that conditions often ask for. */
const shapes: readonly string[] = [
  ..."a abc ABC x1 1 12 123 12345 en EUR DE de-DE a-b a_b a.b A1 true 0 - # #00ff00 * /".split(" "),
  ..."someone@example.org https://example.org/a example.org /a/b +49301234567 192.0.2.1 12:30 2026-11-21".split(
    " ",
  ),
  ..."2026-11 10.0.0.0/8 1.2.3 v1.2.3 active {} [] aa:bb:cc:dd:ee:ff image/png".split(" "),
  ..."0f8fad5b-d9cb-469f-a165-70867728950e 0123456789abcdef 9780306406157 GB82WEST12345698765432".split(" "),
  "two words",
  "Title Case",
  "{}",
  '{"a":1}',
];

/** Nasty, and within every encoding that PostgreSQL has for UTF-8. */
const nasty: readonly string[] = [
  'it\'s "quoted" \\ naïve ü 語 🜍 %_$$',
  "",
  "  spaces, a\ttab\nand two lines  ",
  "0012",
  "NULL",
];

/** `length` is `null` without a limit; `blanks`: the type takes blanks at the end away (`character`). */
export function texts(length: number | null): TextValues {
  const limit = length ?? 2_000;
  const fits = (text: string) => [...text].length <= limit;
  const clip = (text: string) => [...text].slice(0, limit).join("");
  return {
    ordinary: (n) => (limit >= 12 ? `value ${n + 1}` : lettered(n, limit)),
    odd: [...new Set([...nasty.map(clip), "ü".repeat(Math.min(limit, 300))])],
    pool: shapes.filter(fits),
    accepts: fits,
    ofLength: (size) =>
      size < 0 || size > limit ? [] : ["x", "1", "A"].map((letter) => letter.repeat(size)),
  };
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** The n-th short word: `a`, `b` … `z`, `ba` … */
function lettered(n: number, limit: number): string {
  let word = "";
  for (let left = n; word === "" || left > 0; left = Math.floor(left / 26)) {
    word = letters.charAt(left % 26) + word;
  }
  return word.slice(-limit);
}

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
const datePattern = /^\d{4}-\d\d?-\d\d?([ T]\d\d?:\d\d.*)?$/;
const timePattern = /^\d\d?:\d\d/;

function instants(zone: string): TextValues {
  return {
    ordinary: (n) => `${day(n)} 0${n % 10}:30:00${zone}`,
    odd: [`9999-12-31 23:59:59.999999${zone}`, `0001-01-01 00:00:00${zone}`, `1969-12-31 23:59:59.5${zone}`],
    pool: ["1970-01-01", "1999-12-31", "2000-02-29", "2020-06-15", "2026-06-30", "2100-01-01"].map(
      (text) => `${text} 12:00:00${zone}`,
    ),
    accepts: (text) => datePattern.test(text),
  };
}

const dates: TextValues = {
  ordinary: day,
  odd: ["9999-12-31", "0001-01-01", "2000-02-29"],
  pool: ["1970-01-01", "1999-12-31", "2020-06-15", "2026-06-30", "2100-01-01"],
  accepts: (text) => datePattern.test(text),
};

const times = (zone: string): TextValues => ({
  ordinary: (n) => `${String(n % 24).padStart(2, "0")}:${String((n * 7) % 60).padStart(2, "0")}:00${zone}`,
  odd: [`23:59:59.999999${zone}`, `00:00:00${zone}`],
  pool: ["08:00:00", "12:00:00", "18:30:00"].map((text) => `${text}${zone}`),
  accepts: (text) => timePattern.test(text),
});

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0");

const plain = (
  ordinary: (n: number) => string,
  odd: readonly string[],
  pool: readonly string[],
  accepts: TextValues["accepts"],
): TextValues => ({ ordinary, odd, pool, accepts });

const never = () => false;

function json(): TextValues {
  return {
    ordinary: (n) => `{"a": ${n + 1}}`,
    odd: ['{"it\'s": ["ü", null, {"b": 0.1}]}', "[]", "null", '"text"', "1e5"],
    pool: ["{}", "[]", '{"a": "b"}', '["a"]', "[1]", "[{}]", "true", "0", '"a"', '{"type": "a"}'],
    accepts: (text) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function bits(length: number | null, varying: boolean): TextValues {
  const size = length ?? (varying ? 16 : 1);
  const digits = (n: number) => (n + 1).toString(2).slice(-size).padStart(size, "0");
  return {
    ordinary: digits,
    odd: ["1".repeat(size), ...(varying ? [""] : ["0".repeat(size)])],
    pool: ["0".repeat(size), "1".repeat(size)],
    accepts: (text) => /^[01]+$/.test(text) && (varying ? text.length <= size : text.length === size),
  };
}

const intervals: TextValues = plain(
  (n) => `${n + 1} days`,
  ["178000000 years", "-1 mons -3 days -04:05:06.789", "0"],
  ["1 second", "1 minute", "1 hour", "1 day", "30 days", "1 year", "0"],
  (text) => /^-?\d+ \w+|^\d\d:\d\d|^P/.test(text),
);

const fixed: Readonly<Record<string, TextValues>> = {
  smallint: integers(-32768n, 32767n),
  integer: integers(-2147483648n, 2147483647n),
  bigint: integers(-9223372036854775808n, 9223372036854775807n),
  oid: integers(0n, 4294967295n),
  xid: integers(0n, 4294967295n),
  xid8: integers(0n, 9223372036854775807n),
  real: floats("3e38"),
  "double precision": floats("1.5e308"),
  money: plain(
    (n) => String(n + 1),
    ["92233720368547758.07", "-1.5"],
    ["0", "10", "100"],
    (text) => decimalPattern.test(text),
  ),
  boolean: plain(
    (n) => (n % 2 === 0 ? "true" : "false"),
    ["false"],
    ["true", "false"],
    (text) => /^(true|false|t|f)$/i.test(text),
  ),
  name: texts(63),
  '"char"': texts(1),
  bytea: {
    ...plain((n) => `\\x${hex(n + 1, 8)}`, ["\\x", "\\x00ff27225c"], ["\\x00", "\\x01"], never),
    ofLength: (size) => (size > 4_096 || size < 0 ? [] : [`\\x${"ab".repeat(size)}`]),
  },
  uuid: plain(
    (n) => `0f8fad5b-d9cb-469f-a165-${hex(n + 1, 12)}`,
    ["ffffffff-ffff-ffff-ffff-ffffffffffff"],
    ["00000000-0000-0000-0000-000000000000"],
    (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  ),
  json: json(),
  jsonb: json(),
  jsonpath: plain((n) => `$.a${n}`, ['$."it\'s"[*] ? (@ > 1)'], ["$"], never),
  xml: plain((n) => `<a>${n}</a>`, ['<a b="ü">it\'s &amp;</a>'], [], never),
  date: dates,
  inet: plain(
    (n) => `192.0.2.${(n % 250) + 1}`,
    ["2001:db8::1/64", "0.0.0.0"],
    ["10.0.0.1", "10.0.0.0/8"],
    (text) => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(text),
  ),
  cidr: plain((n) => `10.${n % 250}.0.0/16`, ["2001:db8::/32", "0.0.0.0/0"], ["10.0.0.0/8"], never),
  macaddr: plain((n) => `08:00:2b:01:02:${hex(n % 256, 2)}`, ["ff:ff:ff:ff:ff:ff"], [], never),
  macaddr8: plain((n) => `08:00:2b:01:02:03:04:${hex(n % 256, 2)}`, ["ff:ff:ff:ff:ff:ff:ff:ff"], [], never),
  point: plain((n) => `(${n},${n + 1})`, ["(-1e10,0.25)"], ["(0,0)"], never),
  line: plain((n) => `{1,-1,${n}}`, [], [], never),
  lseg: plain((n) => `[(0,0),(${n + 1},1)]`, [], [], never),
  box: plain((n) => `(${n + 2},2),(0,0)`, [], [], never),
  path: plain((n) => `((0,0),(${n + 1},1),(2,0))`, ["[(0,0),(1,1)]"], [], never),
  polygon: plain((n) => `((0,0),(${n + 1},1),(2,0))`, [], [], never),
  circle: plain((n) => `<(0,0),${n + 1}>`, [], [], never),
  tsvector: plain((n) => `'a${n}':1 'b':2A`, ["", "'it''s':3 'ü'"], [], never),
  tsquery: plain((n) => `'a${n}' & 'b'`, ["'it''s' | !'ü'"], [], never),
  pg_lsn: plain((n) => `0/${hex(n + 1, 1).toUpperCase()}`, ["FFFFFFFF/FFFFFFFF"], [], never),
  pg_snapshot: plain((n) => `${n + 10}:${n + 20}:${n + 12}`, [], [], never),
  txid_snapshot: plain((n) => `${n + 10}:${n + 20}:${n + 12}`, [], [], never),
  tid: plain((n) => `(${n},1)`, [], [], never),
  cid: integers(0n, 4294967295n),
  int2vector: plain((n) => `${n} 1`, [], [], never),
  oidvector: plain((n) => `${n} 1`, [], [], never),
  regclass: plain(() => "pg_class", [], ["pg_type"], never),
  regtype: plain(() => "integer", [], ["text"], never),
  regproc: plain(() => "now", [], [], never),
  regprocedure: plain(() => "abs(integer)", [], [], never),
  regoper: plain(() => "-", [], [], never),
  regoperator: plain(() => "+(integer,integer)", [], [], never),
  regnamespace: plain(() => "pg_catalog", [], [], never),
  regrole: plain(() => "pg_monitor", [], [], never),
  regconfig: plain(() => "simple", [], ["english"], never),
  regdictionary: plain(() => "simple", [], [], never),
  regcollation: plain(() => '"C"', [], [], never),
  // Types of extensions that come with PostgreSQL or are met often, by name.
  citext: texts(null),
  hstore: plain((n) => `"a"=>"${n}"`, ["", '"it\'s"=>NULL'], [], never),
  ltree: plain(
    (n) => `a.b${n}`,
    [""],
    ["a"],
    (text) => /^[\w.]+$/.test(text),
  ),
  lquery: plain((n) => `a.*.b${n}`, [], [], never),
  ltxtquery: plain((n) => `a & b${n}`, [], [], never),
  cube: plain((n) => `(${n},1)`, [], [], never),
  seg: plain((n) => `${n} .. ${n + 1}`, [], [], never),
  isbn: plain(() => "978-0-306-40615-7", [], [], never),
  isbn13: plain(() => "978-0-306-40615-7", [], [], never),
  geometry: plain((n) => `POINT(${n} 1)`, [], ["POINT EMPTY"], never),
  geography: plain((n) => `POINT(${n % 90} 1)`, [], [], never),
};

/** The values of a type of the engine's own, or of an extension that is known by name; `null` for any other. */
export function knownValues(name: string, modifiers: readonly string[]): TextValues | null {
  const size = modifiers[0] === undefined ? null : Number(modifiers[0]);
  switch (name) {
    case "numeric":
      return numeric(modifiers);
    case "text":
    case "character varying":
    case "bpchar":
      return texts(size);
    case "character":
      return { ...texts(size ?? 1), odd: texts(size ?? 1).odd.map((text) => text.trimEnd()) };
    case "bit":
    case "bit varying":
      return bits(size, name === "bit varying");
    case '"bit"':
      return bits(size, false);
    case "timestamp without time zone":
      return instants("");
    case "timestamp with time zone":
      return instants("+00");
    case "time without time zone":
      return times("");
    case "time with time zone":
      return times("+00");
    case "vector":
    case "halfvec":
      return vectors(size ?? 3);
    case "sparsevec":
      return plain((n) => `{1:${n + 1}}/${size ?? 3}`, [], [], never);
    default:
      if (name.startsWith("interval")) return intervals;
      return (Object.hasOwn(fixed, name) ? fixed[name] : undefined) ?? null;
  }
}

function vectors(size: number): TextValues {
  const vector = (n: number) =>
    `[${Array.from({ length: size }, (_, at) => (at === 0 ? n + 1 : 0.5)).join(",")}]`;
  return plain(vector, [], [], never);
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** An array of a type, `dimensions` deep. */
export function arrayValues(element: TextValues, dimensions: number): TextValues {
  const wrap = (members: readonly string[]) =>
    members.length === 0
      ? "{}"
      : `${"{".repeat(dimensions)}${members.map(quoted).join(",")}${"}".repeat(dimensions)}`;
  const some = [...element.pool.slice(0, 4), ...element.odd.slice(0, 1)];
  return {
    ordinary: (n) => wrap([element.ordinary(n), element.ordinary(n + 1)]),
    odd: [wrap(element.odd.slice(0, 2)), "{}", ...(dimensions === 1 ? ["{NULL}"] : [])],
    pool: ["{}", ...some.map((text) => wrap([text]))],
    accepts: (text) => element.accepts(text),
    ofLength: (size) =>
      size < 0 || size > 1_000 ? [] : [wrap(Array.from({ length: size }, (_, at) => element.ordinary(at)))],
  };
}

/** A constant of a condition on an array is one of its members. */
export function arrayOfConstant(text: string, dimensions: number): string {
  return /^\{.*\}$/s.test(text) ? text : `${"{".repeat(dimensions)}${quoted(text)}${"}".repeat(dimensions)}`;
}

/** A composite: its attributes in order, each with its own values. */
export function recordValues(attributes: readonly TextValues[]): TextValues {
  const row = (pick: (values: TextValues) => string) =>
    `(${attributes.map((one) => quoted(pick(one))).join(",")})`;
  return plain(
    (n) => row((one) => one.ordinary(n)),
    [row((one) => one.odd[0] ?? one.ordinary(0)), `(${",".repeat(Math.max(0, attributes.length - 1))})`],
    [],
    never,
  );
}

/** A range over a type, and with `multi` a multirange. */
export function rangeValues(bound: TextValues, multi: boolean): TextValues {
  const range = (n: number) => {
    const text = `[${quoted(bound.ordinary(n * 2))},${quoted(bound.ordinary(n * 2 + 1))})`;
    return multi ? `{${text}}` : text;
  };
  return plain(range, multi ? ["{}", "{(,)}"] : ["empty", "(,)"], [range(50), range(90)], never);
}

/** One of a few: the values of an enum. */
export function enumValues(values: readonly string[]): TextValues {
  return plain(
    (n) => values[n % values.length] ?? "",
    values.slice(-1),
    values,
    (text) => values.includes(text),
  );
}
