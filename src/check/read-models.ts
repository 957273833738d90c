import type { Config } from "../config/config.js";
import { resolveModels } from "../config/resolve-models.js";
import type { Scratch } from "../dialect/dialect.js";
import { loadDialect } from "../dialect/registry.js";
import { validateSchema } from "../diff/validate.js";
import { AludelError } from "../error/error.js";
import type { DialectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { detectSource, loadSource } from "../source/registry.js";
import type { Unsaid } from "../source/source.js";
import { longNames } from "./long-names.js";

/** The models of a project. */
export interface Models {
  readonly schema: Schema;
  /** What their source has no words for. */
  readonly unsaid: readonly Unsaid[];
  readonly files: readonly string[];
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
  const source = await loadSource(config.source ?? (await detectSource(files)));
  const schema = await source.read({ root: config.root, files, dialect, openScratch });
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
  const { identifierBytes } = (await loadDialect(schema.dialect)).can;
  const findings = [...validateSchema(schema), ...longNames(schema, identifierBytes)];
  if (findings.length > 0) {
    throw new AludelError("models-invalid", `The models contradict themselves in ${findings.length} places`, {
      where: { file: files[0] ?? config.file },
      details: findings,
      remedy: "Mend the models; nothing was written.",
    });
  }
  return { schema, unsaid: source.unsaid, files };
}
