import type { Choices } from "../choices.js";
import type { Draft } from "../item.js";
import { addComment } from "./places.js";

/** Indexes of every method. */
export function addIndexes(choices: Choices, draft: Draft): void {
  const trigrams = draft.items.some(({ id }) => id === "extension pg_trgm");
  for (const { id, table } of draft.tables) {
    const from = table.isPartition ? freeColumns(draft, id.replace(/\/partition.*/, "")) : draft.columns(id);
    for (const at of [0, 1, 2]) {
      const path = `${id}/index ${at}`;
      if (!choices.chance(path, table.isPartition ? 0.05 : 0.3)) continue;
      const on = choices.pick(
        `${path}/column`,
        from.filter(({ column }) => column.family !== "division"),
      );
      if (on === undefined) continue;
      const { name, family } = on.column;
      const second = choices.pick(
        `${path}/second column`,
        from.filter((one) => one !== on && ["integer", "text"].includes(one.column.family)),
      );
      const two = second !== undefined && choices.chance(`${path}/two`, 0.3) ? second : undefined;
      const { method, keys } = keysOf(choices, path, family, name, trigrams);
      const include =
        method === "btree" &&
        second !== undefined &&
        two === undefined &&
        choices.chance(`${path}/include`, 0.15);
      const unique = method === "btree" && table.dividedBy === null && choices.chance(`${path}/unique`, 0.15);
      const where = choices.some(`${path}/where`, 0.2, ` WHERE ${name} IS NOT NULL`);
      const nulls = unique ? choices.some(`${path}/nulls`, 0.2, " NULLS NOT DISTINCT") : "";
      const parameters = choices.some(`${path}/parameter`, 0.1, parameterOf[method] ?? "");
      const all = two !== undefined && method === "btree" ? `${keys}, ${two.column.name} DESC` : keys;
      const needs = [
        ...(keys.includes("trgm") ? ["extension pg_trgm"] : []),
        id,
        on.id,
        ...(all === keys ? [] : [two?.id ?? on.id]),
        ...(include ? [second.id] : []),
      ];
      const indexName = `"Index ""${at}"" ${id.replaceAll('"', "").slice(0, 40)}"`;
      const sql = `CREATE ${unique ? "UNIQUE " : ""}INDEX ${indexName} ON ${table.name} USING ${method} (${all})${include ? ` INCLUDE (${second.column.name})` : ""}${nulls}${parameters}${where}`;
      if (!draft.add({ id: path, kind: `index ${method}`, needs, sql })) continue;
      addComment(choices, draft, path, `INDEX ${table.namespace}${indexName}`);
      // Those of a partitioned table go down to the partitions that are there by then, and to no later one.
      const alone = table.dividedBy === null;
      if (alone && keys.startsWith("(") && choices.chance(`${path}/statistics`, 0.2)) {
        draft.add({
          id: `${path}/statistics`,
          kind: "index statistics",
          needs: [path],
          sql: `ALTER INDEX ${table.namespace}${indexName} ALTER COLUMN 1 SET STATISTICS 300`,
        });
      }
      if (method === "btree" && where === "" && choices.chance(`${path}/cluster`, 0.08)) {
        draft.add({
          id: `${path}/cluster`,
          kind: "cluster",
          needs: [path],
          sql: `ALTER TABLE ${table.name} CLUSTER ON ${indexName}`,
        });
      }
    }
  }
}

/**
 * Columns that no index of the table is over: PostgreSQL takes an index that a partition has of its own for that of the
 * table although the two sort otherwise ("CompareIndexInfo"), and then has not the one that was asked for.
 */
function freeColumns(draft: Draft, table: string): ReturnType<Draft["columns"]> {
  const indexed = draft.items.flatMap(({ id, needs }) => (id.startsWith(`${table}/index `) ? needs : []));
  return draft.columns(table).filter(({ id }) => !indexed.includes(id));
}

const parameterOf: Readonly<Record<string, string>> = {
  btree: " WITH (fillfactor = 70)",
  gin: " WITH (fastupdate = off)",
  gist: " WITH (buffering = on)",
  brin: " WITH (pages_per_range = 8)",
  hash: " WITH (fillfactor = 60)",
};

function keysOf(
  choices: Choices,
  path: string,
  family: string,
  name: string,
  trigrams: boolean,
): { readonly method: string; readonly keys: string } {
  const order = choices.pick(`${path}/order`, ["", "", " DESC", " DESC NULLS LAST", " NULLS FIRST"]);
  const tree = (keys: string) => ({ method: "btree", keys: `${keys}${order}` });
  const of = (method: string, keys: string = name) => ({ method, keys });
  const form = choices.number(`${path}/form`);
  switch (family) {
    case "text":
      if (form < 0.15) return of("hash");
      if (form < 0.3 && trigrams) return of("gin", `${name} gin_trgm_ops`);
      if (form < 0.4 && trigrams) return of("gist", `${name} gist_trgm_ops (siglen = 32)`);
      if (form < 0.55) return tree(`${name} text_pattern_ops`);
      if (form < 0.7) return of("btree", `(lower(${name}))`);
      if (form < 0.8) return tree(`${name} COLLATE "POSIX"`);
      return tree(name);
    case "integer":
      if (form < 0.15) return of("brin", `${name} int4_minmax_multi_ops (values_per_range = 16)`);
      if (form < 0.3) return of("brin");
      if (form < 0.45) return of("btree", `((${name} + 1))`);
      return tree(name);
    case "json":
      return of("gin", form < 0.5 ? name : `${name} jsonb_path_ops`);
    case "integers":
    case "texts":
    case "search":
      return of("gin");
    case "point":
      return form < 0.5 ? of("gist") : of("spgist");
    case "int range":
    case "time range":
    case "multirange":
    case "box":
      return of("gist");
    default:
      return tree(name);
  }
}
