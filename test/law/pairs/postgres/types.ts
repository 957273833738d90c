import type { Choices } from "../choices.js";
import { type Draft, literal } from "../item.js";
import { addComment, place } from "./places.js";

/** A type that columns can have. */
export interface OwnType {
  readonly id: string;
  readonly family: string;
  readonly name: string;
  readonly defaults: readonly string[];
}

const values = ["sad", "ok", "it's", "Happy", "naïve ü", "a, b"] as const;

export function addTypes(choices: Choices, draft: Draft): readonly OwnType[] {
  return [
    ...addEnums(choices, draft),
    ...addDomains(choices, draft),
    ...addComposites(choices, draft),
    ...addRanges(choices, draft),
  ];
}

function addEnums(choices: Choices, draft: Draft): readonly OwnType[] {
  return ["mood", '"Mood"', '"user"'].flatMap((name) => {
    const id = `enum ${name}`;
    if (!choices.chance(id, 0.35)) return [];
    const { needs, prefix } = place(choices, id);
    const chosen = choices.few(`${id}/value`, values, 0.6);
    const list = chosen.length === 0 ? ["only"] : chosen;
    const order = choices.chance(`${id}/reversed`, 0.15) ? [...list].reverse() : list;
    const sql = `CREATE TYPE ${prefix}${name} AS ENUM (${order.map(literal).join(", ")})`;
    if (!draft.add({ id, kind: "enum", needs, sql })) return [];
    addComment(choices, draft, id, `TYPE ${prefix}${name}`);
    return [{ id, family: id, name: `${prefix}${name}`, defaults: order.map(literal) }];
  });
}

const domains = [
  {
    name: "email",
    base: ["text", "varchar(300)"],
    checks: ["VALUE ~ '@'", "length(VALUE) < 200"],
    value: "'a@b'",
  },
  { name: '"Positive Int"', base: ["integer", "bigint"], checks: ["VALUE > 0", "VALUE <> 13"], value: "7" },
  {
    name: '"select"',
    base: ["numeric(10,2)", "numeric(12,2)"],
    checks: ["VALUE >= 0::numeric"],
    value: "1.5",
  },
] as const;

function addDomains(choices: Choices, draft: Draft): readonly OwnType[] {
  return domains.flatMap(({ name, base, checks, value }) => {
    const id = `domain ${name}`;
    if (!choices.chance(id, 0.25)) return [];
    const { needs, prefix } = place(choices, id);
    const type = choices.chance(`${id}/base`, 0.8) ? base[0] : base[1];
    const collation = name === "email" ? choices.some(`${id}/collation`, 0.2, ' COLLATE "C"') : "";
    const rest = choices.some(`${id}/default`, 0.2, ` DEFAULT ${value}`);
    const notNull = choices.some(`${id}/not null`, 0.15, " NOT NULL");
    const sql = `CREATE DOMAIN ${prefix}${name} AS ${type}${collation}${rest}${notNull}`;
    if (!draft.add({ id, kind: "domain", needs, sql })) return [];
    addComment(choices, draft, id, `DOMAIN ${prefix}${name}`);
    for (const [at, check] of checks.entries()) {
      const checkId = `${id}/check ${at}`;
      if (!choices.chance(checkId, 0.5)) continue;
      const valid = choices.some(`${checkId}/not valid`, 0.2, " NOT VALID");
      const constraint = `"${at} of it"`;
      const add = `ALTER DOMAIN ${prefix}${name} ADD CONSTRAINT ${constraint} CHECK (${check})${valid}`;
      draft.add({ id: checkId, kind: "domain check", needs: [id], sql: add });
      addComment(choices, draft, checkId, `CONSTRAINT ${constraint} ON DOMAIN ${prefix}${name}`);
    }
    return [{ id, family: id, name: `${prefix}${name}`, defaults: [value] }];
  });
}

function addComposites(choices: Choices, draft: Draft): readonly OwnType[] {
  return ['"Point of it"', "address"].flatMap((name) => {
    const id = `composite ${name}`;
    if (!choices.chance(id, 0.25)) return [];
    const { needs, prefix } = place(choices, id);
    const sql = `CREATE TYPE ${prefix}${name} AS ({})`;
    if (!draft.add({ id, kind: "composite", needs, sql })) return [];
    const attributes = [
      '"x y" integer',
      "street text",
      'city text COLLATE "C"',
      "n numeric(6,2)",
      "at timestamptz",
    ];
    for (const [at, attribute] of attributes.entries()) {
      if (!choices.chance(`${id}/${at}`, 0.5)) continue;
      draft.add({ id: `${id}/${at}`, kind: "attribute", needs: [], within: id, sql: attribute });
    }
    addComment(choices, draft, id, `TYPE ${prefix}${name}`);
    return [{ id, family: id, name: `${prefix}${name}`, defaults: [] }];
  });
}

function addRanges(choices: Choices, draft: Draft): readonly OwnType[] {
  const id = "range";
  if (!choices.chance(id, 0.15)) return [];
  const { needs, prefix } = place(choices, id);
  const multirange = choices.some(`${id}/multirange`, 0.3, `, MULTIRANGE_TYPE_NAME = ${prefix}"many of it"`);
  const difference = choices.some(`${id}/difference`, 0.5, ", SUBTYPE_DIFF = float8mi");
  const sql = `CREATE TYPE ${prefix}"Float Range" AS RANGE (SUBTYPE = float8${difference}${multirange})`;
  if (!draft.add({ id, kind: "range", needs, sql })) return [];
  addComment(choices, draft, id, `TYPE ${prefix}"Float Range"`);
  return [{ id, family: id, name: `${prefix}"Float Range"`, defaults: ["'[1,2)'"] }];
}
