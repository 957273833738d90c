import type { Config } from "../config/config.js";
import { resolveModels } from "../config/resolve-models.js";
import type { Scratch } from "../dialect/dialect.js";
import { loadDialect } from "../dialect/registry.js";
import { validateSchema } from "../diff/validate.js";
import { AludelError } from "../error/error.js";
import type { LeftOut } from "../filter/filter.js";
import type { DialectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { groupBySource, loadSource } from "../source/registry.js";
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
  const { schema, unsaid } = await readSources(config, files, dialect, openScratch);
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
  const findings = [...validateSchema(schema), ...longNames(schema, loaded.can.identifierBytes)];
  if (findings.length > 0) {
    throw new AludelError("models-invalid", `The models contradict themselves in ${findings.length} places`, {
      where: { file: files[0] ?? config.file },
      details: findings,
      remedy: "Mend the models; nothing was written.",
    });
  }
  // Only now: what is left in may point at what is left out.
  const { schema: wanted, leftOut } = filterOwn({ config, dialect: loaded }, schema);
  return { schema: wanted, unsaid, files, leftOut, standIns: standInsOf(schema, wanted) };
}

async function readSources(
  config: Config,
  files: readonly string[],
  dialect: DialectName | null,
  openScratch: () => Promise<Scratch>,
): Promise<Pick<Models, "schema" | "unsaid">> {
  const { root } = config;
  const { main, sql } = await groupBySource(files, config.source);
  const source = await loadSource(main.source);
  const schema = await source.read({ root, files: main.files, dialect, openScratch });
  if (sql.length === 0) return { schema, unsaid: source.unsaid };
  const { combineWithSql } = await import("./combine-sources.js");
  const base = { schema, unsaid: source.unsaid };
  return combineWithSql(await loadDialect(schema.dialect), base, sql, root, openScratch);
}
