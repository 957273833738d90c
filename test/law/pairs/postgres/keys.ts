import { actions } from "../actions.js";
import type { Choices } from "../choices.js";
import type { ColumnFacts, Draft, Item, TableFacts } from "../item.js";
import { addComment } from "./places.js";

type Column = Item & { readonly column: ColumnFacts };
type Table = Item & { readonly table: TableFacts };

const deferrals = ["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"] as const;

/** Columns that any engine has an order for, the one that divides the table first. */
function keyColumns(draft: Draft, { id, table }: Table): readonly Column[] {
  const divided = draft.columns(id).filter((one) => one.id === table.dividedBy);
  return [...divided, ...draft.columns(id, "key", "integer", "text", "uuid", "date")];
}

/** The columns of a key: with the ones that the table is divided by. */
function chosen(
  choices: Choices,
  path: string,
  table: Table,
  columns: readonly Column[],
  count: number,
): readonly Column[] {
  const divided = columns.filter(({ id }) => id === table.table.dividedBy);
  const rest = columns.filter(({ id }) => id !== table.table.dividedBy);
  const first = choices.pick(`${path}/first`, rest);
  const second =
    count > 1
      ? choices.pick(
          `${path}/second`,
          rest.filter((one) => one !== first),
        )
      : undefined;
  return [...divided, ...[first, second].filter((one) => one !== undefined)];
}

function names(columns: readonly Column[]): string {
  return columns.map(({ column }) => column.name).join(", ");
}

function addConstraint(
  choices: Choices,
  draft: Draft,
  table: Table,
  id: string,
  kind: string,
  name: string,
  columns: readonly Column[],
  body: string,
): boolean {
  const needs = [table.id, ...columns.map((one) => one.id)];
  const named = name === "" ? "" : `CONSTRAINT ${name} `;
  const added = draft.add({ id, kind, needs, sql: `ALTER TABLE ${table.table.name} ADD ${named}${body}` });
  if (added && name !== "") addComment(choices, draft, id, `CONSTRAINT ${name} ON ${table.table.name}`);
  return added;
}

/** Primary keys and unique constraints. */
export function addKeys(choices: Choices, draft: Draft): void {
  for (const table of draft.tables.filter((one) => !one.table.isPartition)) {
    const columns = keyColumns(draft, table);
    const [id] = draft.columns(table.id, "key");
    const primary = `${table.id}/primary key`;
    const first =
      id !== undefined && choices.chance(`${primary}/by id`, 0.8)
        ? [...columns.filter((one) => one.id === table.table.dividedBy), id]
        : chosen(choices, primary, table, columns, 1);
    if (first.length > 0 && choices.chance(primary, 0.7)) {
      const more = rest(choices, primary, columns, first, table);
      const name = choices.pick(`${primary}/name`, ["", "", '"Key ""x"""']);
      addConstraint(
        choices,
        draft,
        table,
        primary,
        "primary key",
        name === "" ? "" : `${name.slice(0, -1)} of ${table.id.replaceAll('"', "").slice(6, 40)}"`,
        [...first, ...more.columns],
        `PRIMARY KEY (${names(first)})${more.sql}`,
      );
    }
    for (const at of [0, 1]) addUnique(choices, draft, table, columns, at);
  }
}

function addUnique(
  choices: Choices,
  draft: Draft,
  table: Table,
  columns: readonly Column[],
  at: number,
): void {
  const path = `${table.id}/unique ${at}`;
  if (!choices.chance(path, 0.25)) return;
  const on = chosen(choices, path, table, columns, choices.chance(`${path}/two`, 0.4) ? 2 : 1);
  if (on.length === 0) return;
  const more = rest(choices, path, columns, on, table);
  const nulls = choices.some(`${path}/nulls`, 0.2, " NULLS NOT DISTINCT");
  const name = choices.pick(`${path}/name`, [
    "",
    `"one each ${at} ${table.id.replaceAll('"', "").slice(6, 40)}"`,
  ]);
  addConstraint(
    choices,
    draft,
    table,
    path,
    "unique",
    name,
    [...on, ...more.columns],
    `UNIQUE${nulls} (${names(on)})${more.sql}`,
  );
}

/** INCLUDE, parameters and deferral. */
function rest(
  choices: Choices,
  path: string,
  columns: readonly Column[],
  on: readonly Column[],
  table: Table,
): { readonly columns: readonly Column[]; readonly sql: string } {
  const other = choices.pick(
    `${path}/include which`,
    columns.filter((one) => !on.includes(one)),
  );
  const include = other !== undefined && choices.chance(`${path}/include`, 0.15) ? [other] : [];
  const parameters = choices.some(`${path}/parameter`, 0.08, " WITH (fillfactor = 80)");
  const deferral = table.table.dividedBy === null ? choices.pick(`${path}/deferral`, [...deferrals]) : "";
  return {
    columns: include,
    sql: `${include.length > 0 ? ` INCLUDE (${names(include)})` : ""}${parameters}${deferral}`,
  };
}

/** Foreign keys to whatever has a key, in rings and to itself too, with columns of their own. */
export function addForeignKeys(choices: Choices, draft: Draft): void {
  const keys = draft.items.filter(
    ({ kind, sql }) => (kind === "primary key" || kind === "unique") && !sql.includes("DEFERRABLE"),
  );
  for (const table of draft.tables.filter((one) => !one.table.isPartition)) {
    for (const at of [0, 1]) {
      const path = `${table.id}/foreign key ${at}`;
      // Gap: a partitioned table that refers to itself has parts of the key in its partitions, which are not taken away.
      const key = choices.pick(
        `${path}/key`,
        keys.filter((one) => table.table.dividedBy === null || !one.needs.includes(table.id)),
      );
      if (key === undefined || !choices.chance(path, 0.3)) continue;
      addForeignKey(choices, draft, table, path, key);
    }
  }
}

function addForeignKey(choices: Choices, draft: Draft, table: Table, path: string, key: Item): void {
  const target = draft.tables.find(({ id }) => key.needs.includes(id));
  const listed = /\((.*?)\)/.exec(key.sql.replace(/^.*?(PRIMARY KEY|UNIQUE)/, "$1"))?.[1] ?? "";
  const on = key.needs.flatMap(
    (id) => draft.items.find((one) => one.id === id && one.column) ?? [],
  ) as readonly Column[];
  const wanted = on.filter(({ column }) => listed.includes(column.name));
  if (target === undefined || wanted.length === 0) return;
  const own: Column[] = [];
  for (const one of wanted) {
    const name = `"ref ${one.column.name.replaceAll('"', "")} ${one.column.family}"`
      .slice(0, 60)
      .replace(/"?$/, '"');
    const id = `${path}/${name}`;
    const type = one.column.type.replace(" NOT NULL", "");
    const column = {
      table: table.id,
      name,
      family: `reference ${one.column.family}`,
      type,
      generated: false,
    };
    const item = {
      id,
      kind: "column",
      needs: one.needs.filter((need) => need.startsWith("extension")),
      within: table.id,
      sql: `${name} ${type}`,
      column,
    };
    if (draft.items.some((other) => other.column?.table === table.id && other.column.name === name)) return;
    if (draft.add(item)) own.push(item);
  }
  const partly =
    choices.chance(`${path}/partly`, 0.2) && own[0] ? ` ON DELETE SET NULL (${own[0].column.name})` : null;
  const action = partly ?? choices.pick(`${path}/action`, [...actions]);
  const match = choices.some(`${path}/match`, 0.15, " MATCH FULL");
  const deferral = choices.pick(`${path}/deferral`, [...deferrals]);
  const valid = table.table.dividedBy === null ? choices.some(`${path}/not valid`, 0.12, " NOT VALID") : "";
  const name = choices.pick(`${path}/name`, ["", `"to ${path.slice(-1)} it's"`]);
  const body = `FOREIGN KEY (${names(own)}) REFERENCES ${target.table.name} (${names(wanted)})${match}${action}${deferral}${valid}`;
  const needs = [table.id, key.id, target.id, ...own.map(({ id }) => id), ...wanted.map(({ id }) => id)];
  const named = name === "" ? "" : `CONSTRAINT ${name} `;
  draft.add({
    id: path,
    kind: "foreign key",
    needs,
    sql: `ALTER TABLE ${table.table.name} ADD ${named}${body}`,
  });
  if (name !== "") addComment(choices, draft, path, `CONSTRAINT ${name} ON ${table.table.name}`);
}

/** Checks and exclusions. */
export function addChecks(choices: Choices, draft: Draft): void {
  for (const table of draft.tables) {
    const numbers = draft.columns(table.id, "integer");
    const texts = draft.columns(table.id, "text");
    for (const at of [0, 1]) {
      const path = `${table.id}/check ${at}`;
      const number = choices.pick(`${path}/number`, numbers);
      const text = choices.pick(`${path}/text`, texts);
      if (!choices.chance(path, 0.3)) continue;
      const on = [number, text].filter((one) => one !== undefined);
      const expression = checkOf(choices, path, number?.column.name, text?.column.name);
      if (expression === null) continue;
      const inherit =
        table.table.dividedBy === null && !table.table.isPartition
          ? choices.some(`${path}/no inherit`, 0.12, " NO INHERIT")
          : "";
      const valid = choices.some(`${path}/not valid`, 0.12, " NOT VALID");
      const name = choices.pick(`${path}/name`, ["", `"Check ""${at}"""`]);
      addConstraint(
        choices,
        draft,
        table,
        path,
        "check",
        name,
        on,
        `CHECK (${expression})${inherit}${valid}`,
      );
    }
    addExclude(choices, draft, table);
  }
}

function checkOf(
  choices: Choices,
  path: string,
  number: string | undefined,
  text: string | undefined,
): string | null {
  const ofNumber =
    number === undefined
      ? []
      : [
          `${number} > 0`,
          `${number} IN (1, 20, 21)`,
          `${number} BETWEEN -5 AND 5000`,
          `(${number} + 1) * 2 <> 7`,
        ];
  const ofText =
    text === undefined
      ? []
      : [
          `${text} <> ''`,
          `${text} IN ('a', 'it''s')`,
          `length(${text}) < 300`,
          `${text} ~ '^[^;]*$' AND NOT ${text} LIKE 'x%'`,
        ];
  return choices.pick(`${path}/expression`, [...ofNumber, ...ofText]) ?? null;
}

function addExclude(choices: Choices, draft: Draft, table: Table): void {
  const path = `${table.id}/exclude`;
  const [range] = draft.columns(table.id, "time range", "int range");
  if (range === undefined || table.table.dividedBy !== null || !choices.chance(path, 0.6)) return;
  const where = choices.some(`${path}/where`, 0.3, ` WHERE (NOT isempty(${range.column.name}))`);
  const deferral = choices.pick(`${path}/deferral`, [...deferrals]);
  const name = choices.pick(`${path}/name`, ["", '"no two at a time"']);
  addConstraint(
    choices,
    draft,
    table,
    path,
    "exclude",
    name,
    [range],
    `EXCLUDE USING gist (${range.column.name} WITH &&)${where}${deferral}`,
  );
}
