import fc from "fast-check";
import type { ObjectName } from "../../src/schema/name.js";

const nastyNames = [
  "persons",
  'Order "x"',
  "select",
  "naïve ü",
  "with space",
  "7",
  "12",
  "__proto__",
  "constructor",
];
export const nameText = fc.oneof(
  fc.constantFrom(...nastyNames, "n".repeat(70)),
  fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes("\0")),
);
export const objectName: fc.Arbitrary<ObjectName> = fc.record({
  namespace: fc.option(fc.constantFrom("billing", "Bil ling", "select"), { nil: null }),
  name: nameText,
});
export const names = fc.uniqueArray(nameText, { minLength: 1, maxLength: 4 });
export const optionalText = fc.option(fc.constantFrom("a comment", `it's */ \`\${x}\` \\d`, "two\nlines"), {
  nil: null,
});

/** Texts of expressions that a writer may stumble over: quotes, escapes, lines within and between quotes. */
export const expression = fc.oneof(
  fc.constantFrom(
    "0",
    "-1",
    "1.50",
    "9007199254740993",
    "'active'",
    "'it''s'",
    "true",
    "false",
    "now()",
    "'x'::text",
    "a ~ '^\\d+$'",
    `\`a\` + \${b}`,
    "case\n  when a then 'x\n   y'\n  else b\nend",
    "$$ body\n  of it $$",
    "'unfinished",
    "a\r\nb",
    "(\n\n  x\n)",
    "  spaces around  ",
    "E'it\\'s\n  x'",
    "a -- comment's\n+ b",
  ),
  fc
    .string({
      minLength: 1,
      unit: fc.constantFrom("a", "'", '"', "`", "$", "{", "\\", "\n", " ", "-", "/", "*"),
    })
    .filter((text) => text.trim() !== ""),
);

/** Bodies of functions as people write them: every white space of theirs is a part of the function. */
export const bodies: readonly string[] = [
  "\nBEGIN\n  NEW.at := now();\n  RETURN NEW;\nEND\n",
  "\r\nBEGIN\r\n\tRETURN 'it''s';\r\nEND;\r\n",
  "\n\tBEGIN  \n\n \t \n  RETURN E'\\\\d\\n';\t\nEND",
  "select 1",
  " ",
  `\n-- it's a comment\n/* and ' another */ SELECT '\`', '\${x}', $1;\n`,
  "\nimport os\nexport default {}\nrevises: null\n",
  '\nSELECT "a""b" -- aludel:not a section\n\n\n',
  "\u00a0\u2028naïve 😀\u0007",
  "\n    deep\n  shallow\n      deeper",
];

/** Statements that make objects, with white space that must survive. */
export const definition = fc.oneof(
  fc
    .tuple(fc.constantFrom("$$", "$function$", "$_$"), fc.constantFrom(...bodies))
    .map(
      ([quote, body]) =>
        `CREATE FUNCTION billing.total(a integer)\n RETURNS integer\n LANGUAGE plpgsql\nAS ${quote}${body}${quote}`,
    ),
  fc.constantFrom(...bodies).map((body) => `CREATE FUNCTION f() AS '${body.replaceAll("'", "''")}'`),
  fc.constantFrom(
    "CREATE TRIGGER touch BEFORE UPDATE ON persons FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE TRIGGER t AFTER INSERT ON [it's] BEGIN\n  \n\tUPDATE x SET a = 1;  \n  SELECT 1;\nEND",
    "CREATE FUNCTION g() RETURNS int\n BEGIN ATOMIC\n  SELECT 1;\n END",
    "CREATE VIRTUAL TABLE docs USING fts5(body, tokenize = 'unicode61')",
    "CREATE RULE r AS\n    ON INSERT TO persons DO INSTEAD NOTHING",
    "GRANT SELECT ON TABLE persons TO reader",
  ),
  expression
    .map((text) => text.replace(/^\s+|[\s;]+$/g, ""))
    .filter((text) => text !== "" && !/^create\s+or/i.test(text)),
);

/** `{ key: true }` for some of the keys. */
export const flags = <K extends string>(...keys: readonly K[]) =>
  fc.record(
    Object.fromEntries(keys.map((key) => [key, fc.constant(true as const)])) as Record<K, fc.Arbitrary<true>>,
    { requiredKeys: [] },
  ) as fc.Arbitrary<{ readonly [P in K]?: true }>;

/** Some of the properties, none of them with an undefined value. */
export const some = <T extends object>(shape: { readonly [K in keyof T]-?: fc.Arbitrary<T[K]> }) =>
  fc.record(shape as { [K in keyof T]-?: fc.Arbitrary<T[K]> }, {
    requiredKeys: [],
  }) as unknown as fc.Arbitrary<{
    readonly [K in keyof T]?: T[K];
  }>;

export const merged = <A extends object, B extends object>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) =>
  fc.tuple(a, b).map(([one, two]) => ({ ...one, ...two }));

export const parameters = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  { fillfactor: "70" },
  { autovacuum_enabled: "false", "toast.x": "1" },
);
