import type { ColumnStorage, OwnSequence } from "../../schema/schema.js";
import { columnSpec } from "../column-builder.js";
import type { OwnSequenceInput, StorageInput } from "../operations.js";
import { checkName, checkOptions, mistake, toName } from "./check-input.js";
import { type Spelling, toType } from "./spelling.js";

/** Parameters: every value as text. */
export function toParameters(
  directive: string,
  parameters: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const entries = Object.entries(parameters ?? {});
  for (const [name, value] of entries) {
    if (typeof value !== "string") {
      throw mistake(
        `${directive} was given ${String(value)} for ${name}`,
        `Write it as text: "${String(value)}".`,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** A whole number that is a statistics target. */
export function toStatistics(directive: string, statistics: unknown): number {
  if (typeof statistics === "number" && Number.isInteger(statistics)) return statistics;
  throw mistake(
    `${directive} was given ${String(statistics)} for statistics`,
    "Give a whole number, for example 500.",
  );
}

/** How a column is stored; the words themselves are for the engine to know. */
export function toStorage(directive: string, input: StorageInput): ColumnStorage {
  checkOptions(`${directive}, storage`, input, ["strategy", "compression", "statistics", "parameters"]);
  const { strategy, compression, statistics, parameters } = input;
  return {
    ...(strategy === undefined ? {} : { strategy: checkName(directive, "storage strategy", strategy) }),
    ...(compression === undefined ? {} : { compression: checkName(directive, "compression", compression) }),
    ...(statistics === undefined ? {} : { statistics: toStatistics(directive, statistics) }),
    ...(parameters === undefined ? {} : { parameters: toParameters(directive, parameters) }),
  };
}

export function toOwnSequence(spelling: Spelling, directive: string, input: OwnSequenceInput): OwnSequence {
  checkOptions(`${directive}, ownSequence`, input, ["name", "type", "unlogged"]);
  const { name, type, unlogged } = input;
  return {
    ...(name === undefined ? {} : { name: toName(directive, "sequence", name) }),
    ...(type === undefined ? {} : { type: toType(spelling, directive, columnSpec(type).type) }),
    ...(unlogged === undefined ? {} : { unlogged }),
  };
}
