import type { Choices } from "../choices.js";
import { type Draft, quoted, type TableFacts } from "../item.js";
import { addComment } from "./places.js";
import type { OwnType } from "./types.js";

/** What a column can be: spellings of one family can be changed into one another without asking anybody. */
interface Family {
  readonly family: string;
  readonly types: readonly [string, ...string[]];
  readonly defaults: readonly string[];
  readonly names: readonly string[];
  readonly needs?: readonly string[];
  readonly storage?: true;
  readonly collates?: true;
}

const long = `long_${"c".repeat(57)}`;

const families: readonly Family[] = [
  {
    family: "integer",
    types: ["integer", "integer", "bigint", "smallint", "int4"],
    defaults: ["1", "'2'", "-3", "(1 + 2)", "abs(-4)"],
    names: ["n", "größe in m²", "select"],
  },
  {
    family: "text",
    types: ["text", "text", "varchar(255)", "varchar(40)", "varchar"],
    defaults: ["'x'", "'it''s'", "''", "upper('a')", "'a' || 'b'", "CURRENT_USER", "E'a\\\\b\\n'"],
    names: ["name", 'quo"ted', long, "Full Name"],
    storage: true,
    collates: true,
  },
  {
    family: "number",
    types: ["numeric", "numeric(10,2)", "numeric(12,4)", "double precision", "real"],
    defaults: ["0", "1.50", "'3'", "pi()"],
    names: ["amount", "a.b"],
  },
  {
    family: "time",
    types: ["timestamptz", "timestamp", "timestamp(3)", "timestamptz(0)"],
    defaults: ["now()", "CURRENT_TIMESTAMP", "'2020-01-01'", "now() + interval '1 day'"],
    names: ["made", "made on"],
  },
  { family: "date", types: ["date"], defaults: ["CURRENT_DATE", "'2020-02-02'"], names: ["day"] },
  { family: "clock", types: ["time", "time(3)"], defaults: ["LOCALTIME", "'10:00'"], names: ["clock"] },
  { family: "zoned", types: ["timetz"], defaults: ["'10:00+00'"], names: ["zoned"] },
  { family: "flag", types: ["boolean"], defaults: ["true", "'f'", "NOT true"], names: ["is it?"] },
  { family: "uuid", types: ["uuid"], defaults: ["gen_random_uuid()"], names: ["uid"] },
  {
    family: "json",
    types: ["jsonb", "json"],
    defaults: ["'{}'", `'{"a": [1, "it''s"]}'`],
    names: ["data"],
    storage: true,
  },
  { family: "bytes", types: ["bytea"], defaults: ["'\\x00ff'"], names: ["bytes"], storage: true },
  { family: "address", types: ["inet", "cidr"], defaults: ["'10.0.0.0/8'"], names: ["net"] },
  {
    family: "span",
    types: ["interval", "interval(3)", "interval day to second(3)"],
    defaults: ["'1 day'"],
    names: ["lag"],
  },
  { family: "bits", types: ["bit varying(8)", "bit varying(16)"], defaults: ["B'101'"], names: ["bits"] },
  { family: "letter", types: ["char(3)", "char(5)"], defaults: ["'ab'"], names: ["letters"], collates: true },
  { family: "byte", types: ['"char"'], defaults: ["'a'"], names: ["letter"] },
  { family: "point", types: ["point"], defaults: ["'(1,2)'"], names: ["spot"] },
  { family: "box", types: ["box"], defaults: [], names: ["frame"] },
  { family: "search", types: ["tsvector"], defaults: ["''"], names: ["search"] },
  { family: "integers", types: ["integer[]", "bigint[]"], defaults: ["'{}'", "ARRAY[1,2]"], names: ["many"] },
  {
    family: "texts",
    types: ["text[]", "varchar(20)[]"],
    defaults: ["'{a,\"b c\"}'", "ARRAY['x']::text[]"],
    names: ["tags"],
  },
  { family: "matrix", types: ["numeric(4,1)[][]"], defaults: [], names: ["matrix"] },
  { family: "int range", types: ["int4range"], defaults: ["'[1,5)'"], names: ["spread"] },
  { family: "time range", types: ["tstzrange"], defaults: ["'empty'"], names: ["during"] },
  { family: "multirange", types: ["int4multirange"], defaults: ["'{}'"], names: ["ranges"] },
  { family: "name", types: ["name"], defaults: ["CURRENT_SCHEMA"], names: ["who"] },
  { family: "oid", types: ["oid", "regclass"], defaults: [], names: ["object"] },
  { family: "lsn", types: ["pg_lsn"], defaults: ["'0/0'"], names: ["position"] },
  { family: "money", types: ["money"], defaults: ["'1'"], names: ["price"] },
  { family: "mac", types: ["macaddr"], defaults: [], names: ["mac"] },
  { family: "xml", types: ["xml"], defaults: [], names: ["markup"] },
  { family: "citext", types: ["citext"], defaults: ["'X'"], names: ["mail"], needs: ["extension citext"] },
  {
    family: "hstore",
    types: ["hstore"],
    defaults: ["'a=>b'"],
    names: ["pairs"],
    needs: ["extension hstore"],
  },
  { family: "ltree", types: ["ltree"], defaults: ["'a.b'"], names: ["path"], needs: ["extension ltree"] },
];

function familiesOf(types: readonly OwnType[]): readonly Family[] {
  return types.flatMap(({ id, family, name, defaults }): readonly Family[] => {
    const one: Family = { family, types: [name], defaults, names: [`its ${id}`], needs: [id] };
    const list: Family = {
      family: `${family}[]`,
      types: [`${name}[]`],
      defaults: ["'{}'"],
      names: [`all ${id}`],
      needs: [id],
    };
    return [one, list];
  });
}

/** The columns of a table, each with whatever a column can say. */
export function addColumns(
  choices: Choices,
  draft: Draft,
  id: string,
  table: TableFacts,
  types: readonly OwnType[],
): void {
  addIdentifier(choices, draft, id, table);
  for (const family of [...families, ...familiesOf(types)]) {
    const likely = ["integer", "text"].includes(family.family) ? 0.3 : 0.05;
    for (const name of family.names) {
      if (choices.chance(`${id}/has ${name}`, likely)) addColumn(choices, draft, id, table, family, name);
    }
  }
  addGenerated(choices, draft, id, table);
}

function addIdentifier(choices: Choices, draft: Draft, id: string, table: TableFacts): void {
  const name = `${id}/id`;
  if (!choices.chance(name, 0.8)) return;
  const type = choices.pick(`${name}/type`, ["integer", "integer", "bigint", "smallint"]);
  const options = choices.some(`${name}/options`, 0.3, " (START WITH 10 INCREMENT BY 5 CACHE 3)");
  const always = choices.pick(`${name}/always`, ["ALWAYS", "BY DEFAULT"]);
  const form = choices.pick(`${name}/form`, ["plain", "plain", "identity", "identity", "serial"]);
  const serial = type === "integer" ? "serial" : type === "bigint" ? "bigserial" : "smallserial";
  const divided = table.dividedBy !== null;
  const sql =
    form === "identity" && !divided
      ? `id ${type} GENERATED ${always} AS IDENTITY${options}`
      : form === "serial"
        ? `id ${serial}`
        : `id ${type} NOT NULL`;
  const column = { table: id, name: "id", family: "key", type, generated: false };
  draft.add({ id: name, kind: form, needs: [], within: id, sql, column });
  addComment(choices, draft, name, `COLUMN ${table.name}.id`);
}

const strategies = ["PLAIN", "EXTERNAL", "EXTENDED", "MAIN"] as const;

function addColumn(
  choices: Choices,
  draft: Draft,
  id: string,
  table: TableFacts,
  family: Family,
  name: string,
): void {
  const path = `${id}/${name}`;
  const type = choices.pick(`${path}/type`, family.types);
  const [defaultValue] = [choices.pick(`${path}/default value`, family.defaults)];
  const parts = [
    quoted(name),
    type,
    family.storage ? choices.some(`${path}/compression`, 0.08, "COMPRESSION pglz") : "",
    family.collates
      ? choices.pick(`${path}/collation`, ["", "", "", "", "", 'COLLATE "C"', 'COLLATE "de-x-icu"'])
      : "",
    defaultValue === undefined ? "" : choices.some(`${path}/default`, 0.35, `DEFAULT ${defaultValue}`),
    choices.some(
      `${path}/not null`,
      0.3,
      choices.some(`${path}/not null name`, 0.1, `CONSTRAINT ${quoted(`${name} is needed`.slice(0, 60))} `) +
        "NOT NULL",
    ),
  ];
  const column = { table: id, name: quoted(name), family: family.family, type, generated: false };
  const sql = parts.filter((part) => part !== "").join(" ");
  if (
    !draft.add({
      id: path,
      kind: `column ${family.family}`,
      needs: family.needs ?? [],
      within: id,
      sql,
      column,
    })
  )
    return;
  addComment(choices, draft, path, `COLUMN ${table.name}.${quoted(name)}`);
  const alter = `ALTER TABLE ${table.name} ALTER ${quoted(name)} SET`;
  const strategy = choices.pick(`${path}/strategy`, [...strategies]);
  const sets = [
    family.storage && choices.chance(`${path}/stored`, 0.1) ? `STORAGE ${strategy}` : null,
    choices.chance(`${path}/statistics`, 0.05)
      ? `STATISTICS ${choices.pick(`${path}/target`, ["0", "100", "500"])}`
      : null,
    choices.chance(`${path}/distinct`, 0.04) ? "(n_distinct = -0.5)" : null,
  ];
  for (const set of sets) {
    if (set === null) continue;
    draft.add({ id: `${path}/${set}`, kind: "column storage", needs: [path], sql: `${alter} ${set}` });
  }
}

function addGenerated(choices: Choices, draft: Draft, id: string, table: TableFacts): void {
  const [number] = draft.columns(id, "integer");
  const [text] = draft.columns(id, "text");
  const storage = (path: string) => choices.pick(path, ["STORED", "STORED", "VIRTUAL"]);
  if (number !== undefined && choices.chance(`${id}/twice`, 0.2)) {
    const path = `${id}/twice`;
    const factor = choices.pick(`${path}/factor`, ["* 2", "+ 1", "% 7"]);
    const column = { table: id, name: '"twice n"', family: "generated", type: "bigint", generated: true };
    const sql = `"twice n" bigint GENERATED ALWAYS AS (${number.column.name}::bigint ${factor}) ${storage(path)}`;
    draft.add({ id: path, kind: "generated column", needs: [number.id], within: id, sql, column });
    addComment(choices, draft, path, `COLUMN ${table.name}."twice n"`);
  }
  if (text !== undefined && choices.chance(`${id}/loud`, 0.15)) {
    const path = `${id}/loud`;
    const expression = choices.pick(`${path}/expression`, ["upper", "lower", "btrim"]);
    const column = { table: id, name: "loud", family: "generated text", type: "text", generated: true };
    const sql = `loud text GENERATED ALWAYS AS (${expression}(${text.column.name})) ${storage(path)}`;
    draft.add({ id: path, kind: "generated column", needs: [text.id], within: id, sql, column });
  }
}
