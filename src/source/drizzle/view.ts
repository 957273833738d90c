import { showName } from "../../schema/name.js";
import type { View } from "../../schema/schema.js";
import type { Model } from "./collect.js";
import type { Context } from "./context.js";
import type { Place } from "./finding.js";

/** Reads a view; `null` for one that is declared `.existing()`, which is not the models' to make, or with a finding. */
export function readView(model: Model, context: Context): View | null {
  const materialized = model.kind === "materialized-view";
  const { library } = context;
  const place: Place = { file: model.file, object: model.exportName };
  const configuration = context.findings.attempt(place, () =>
    materialized ? library.getMaterializedViewConfig(model.value) : library.getViewConfig(model.value),
  );
  if (configuration === null || configuration.isExisting) return null;
  const name = { namespace: configuration.schema ?? null, name: configuration.name };
  const here: Place = { file: model.file, object: `view ${showName(name)}` };
  const definition = context.findings.attempt(here, () => context.renderer.qualified(configuration.query));
  if (definition === null) return null;
  return {
    ...name,
    materialized,
    definition,
    parameters: Object.fromEntries(
      Object.entries(configuration.with ?? {})
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([option, value]) => [snakeCase(option), String(value)] as const),
    ),
    withData: configuration.withNoData !== true,
    method: configuration.using ?? null,
    tablespace: configuration.tablespace ?? null,
    indexes: [],
    comment: null,
  };
}

/** `securityBarrier` → `security_barrier`. */
function snakeCase(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
