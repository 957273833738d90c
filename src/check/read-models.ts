import { relative } from "node:path";
import type { Config } from "../config/config.js";
import { resolveModels } from "../config/resolve-models.js";
import type { Scratch } from "../dialect/dialect.js";
import { loadDialect } from "../dialect/registry.js";
import { contradictionsOf } from "../diff/validate.js";
import { AludelError } from "../error/error.js";
import type { LeftOut } from "../filter/filter.js";
import type { Contradiction, Tell } from "../schema/contradiction.js";
import type { DialectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { groupBySource, loadSource } from "../source/registry.js";
import type { Source, SourcePlace } from "../source/source.js";
import type { Silence } from "./adopt.js";
import { filterOwn } from "./filtered.js";
import { longNames } from "./long-names.js";
import { standInsOf } from "./stand-ins.js";

/** The models of a project. */
export interface Models {
  readonly schema: Schema;
  /** What their source has no words for. */
  readonly unsaid: Silence;
  readonly files: readonly string[];
  /** What the configuration leaves out of them. */
  readonly leftOut: readonly LeftOut[];
  /** What of that others may refer to, for scratch databases. */
  readonly standIns: Schema;
  readonly tell: Tell;
}

/**
 * Reads the models that the configuration names.
 *
 * `dialect` is the engine that configuration or URL named; `null` lets the models decide.
 * @throws AludelError of the source, `models-not-found`, and `models-invalid` with every contradiction at once.
 */
export async function readModels(
  config: Config,
  dialect: DialectName | null,
  openScratch: () => Promise<Scratch>,
): Promise<Models> {
  const files = await resolveModels(config);
  const found: Contradiction[] = [];
  const { schema, unsaid, locate } = await readSources(config, files, dialect, openScratch, found);
  if (dialect !== null && schema.dialect !== dialect) {
    throw new AludelError(
      "dialect-mismatch",
      `The models are for ${schema.dialect}, but the project is for ${dialect}`,
      {
        where: { file: config.file },
        remedy:
          "Point `schema` at the models of this engine, or choose an environment whose URL belongs to them.",
      },
    );
  }
  const loaded = await loadDialect(schema.dialect);
  found.push(...contradictionsOf(schema), ...longNames(schema, loaded.can.identifierBytes));
  if (found.length > 0) throw await invalid(config, files, found, locate);
  const tell: Tell = async (findings) => sentences(config, findings, (await locate?.(files, findings)) ?? []);
  // Only now: what is left in may point at what is left out.
  const { schema: wanted, leftOut } = filterOwn({ config, dialect: loaded }, schema);
  return { schema: wanted, unsaid, files, leftOut, standIns: standInsOf(schema, wanted), tell };
}

/** One error for all that contradicts itself, with the places in the models where the source knows them. */
async function invalid(
  config: Config,
  files: readonly string[],
  found: readonly Contradiction[],
  locate: Source["locate"],
): Promise<AludelError> {
  const places = (await locate?.(files, found)) ?? [];
  const [first] = places.flat();
  const details = sentences(config, found, places);
  const many = found.length === 1 ? "one place" : `${found.length} places`;
  return new AludelError("models-invalid", `The models contradict themselves in ${many}`, {
    where: first ?? { file: files[0] ?? config.file },
    details,
    remedy: "Mend the models; nothing was written.",
  });
}

function sentences(
  { root }: Config,
  found: readonly Contradiction[],
  places: readonly (readonly SourcePlace[])[],
): readonly string[] {
  return found.map(({ text }, position) => {
    const lines = (places[position] ?? []).map(({ file, line }) => `${relative(root, file)}:${line}`);
    return lines.length === 0 ? text : `${lines.join(", ")}: ${text}`;
  });
}

async function readSources(
  config: Config,
  files: readonly string[],
  dialect: DialectName | null,
  openScratch: () => Promise<Scratch>,
  found: Contradiction[],
): Promise<Pick<Models, "schema" | "unsaid"> & Pick<Source, "locate">> {
  const { root } = config;
  const { main, sql } = await groupBySource(files, config.source);
  const source = await loadSource(main.source);
  const schema = await source.read({
    ...{ root, files: main.files, dialect, openScratch },
    contradict: (one) => found.push(one),
  });
  const located = source.locate === undefined ? {} : { locate: source.locate };
  // Beside a name that stands for two things the SQL files can only fail.
  if (sql.length === 0 || found.length > 0) return { schema, unsaid: source.unsaid, ...located };
  const { combineWithSql } = await import("./combine-sources.js");
  const tell: Tell = async (findings) =>
    sentences(config, findings, (await source.locate?.(main.files, findings)) ?? []);
  const base = { schema, unsaid: source.unsaid };
  const dialectOfModels = await loadDialect(schema.dialect);
  return { ...(await combineWithSql(dialectOfModels, base, sql, root, openScratch, tell)), ...located };
}
