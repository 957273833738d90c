import { column as buildColumn, defaultSequenceOptions } from "../../schema/build.js";
import type { Column, Generated, Identity, SequenceOptions } from "../../schema/schema.js";
import { typeOf } from "./column-type.js";
import { type Context, nameOfColumn } from "./context.js";
import { defaultOf, literalOf } from "./default-value.js";
import type { Place } from "./finding.js";
import { isSql } from "./render.js";
import type { ColumnModel, SequenceConfiguration } from "./shape.js";

/**
 * Reads a column. What cannot be read is added to the findings; the column is then without it, or `null` when even
 * its type is unknown.
 */
export function readColumn(model: ColumnModel, table: string, place: Place, context: Context): Column | null {
  const name = nameOfColumn(model, context);
  const here: Place = { file: place.file, object: `${place.object}.${name}` };
  const attempt = <T>(read: () => T): T | null => context.findings.attempt(here, read);

  const type = attempt(() => typeOf(model, context.generation, context.dialect));
  const generated = attempt(() => generatedOf(model, context));
  const fallback = attempt(() => (model.generated ? null : defaultOf(model, context)));
  const identity = attempt(() => identityOf(model, `${table}_${name}_seq`));
  if (type === null) return null;
  return buildColumn(name, type, {
    nullable: !(model.notNull || model.primary),
    default: fallback,
    identity,
    generated,
  });
}

function generatedOf(model: ColumnModel, context: Context): Generated | null {
  if (!model.generated) return null;
  const { as, mode } = model.generated;
  const value: unknown = typeof as === "function" ? (as as () => unknown)() : as;
  const expression = isSql(value) ? context.renderer.plain(value) : literalOf(model, value, context);
  return { expression, storage: mode ?? (context.core === "sqlite-core" ? "virtual" : "stored") };
}

function identityOf(model: ColumnModel, sequenceName: string): Identity | null {
  const identity = model.generatedIdentity;
  if (!identity) return null;
  if (identity.sequenceName !== undefined && identity.sequenceName !== sequenceName) {
    throw new Error(
      `the sequence of an identity column has the name that the engine gives it: leave out \`name: ${JSON.stringify(identity.sequenceName)}\``,
    );
  }
  return {
    generation: identity.type === "always" ? "always" : "by-default",
    sequence: sequenceOptionsOf(identity.sequenceOptions),
  };
}

/** Drizzle's options of a sequence in ours. */
export function sequenceOptionsOf(options: SequenceConfiguration | undefined): SequenceOptions {
  const text = (value: number | string | bigint | undefined) => (value === undefined ? null : String(value));
  return {
    ...defaultSequenceOptions,
    start: text(options?.startWith),
    increment: text(options?.increment),
    minimum: text(options?.minValue),
    maximum: text(options?.maxValue),
    cache: text(options?.cache),
    cycle: options?.cycle ?? false,
  };
}
