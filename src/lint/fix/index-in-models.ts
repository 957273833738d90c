import type { Config } from "../../config/config.js";
import { resolveModels } from "../../config/resolve-models.js";
import { showName } from "../../schema/name.js";
import { groupBySource, loadSource } from "../../source/registry.js";
import type { WantedIndex } from "../rule.js";

/** What is to be added to the models for an index that a fix has made; `null` in a project without models. */
export async function toldOfIndex(config: Config, index: WantedIndex): Promise<string | null> {
  if (config.schema.length === 0) return null;
  const text = await textInModels(config, index).catch(() => index.name);
  return `add the index to the model of ${showName(index.table)}, or the next autogenerate drops it: ${text}`;
}

async function textInModels(config: Config, index: WantedIndex): Promise<string> {
  const files = await resolveModels(config);
  const { main } = await groupBySource(files, config.source);
  const source = await loadSource(main.source);
  return source.indexText(main.files, index.table, index);
}
