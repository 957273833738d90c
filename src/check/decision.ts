import { formatPlace, parsePath, parseRename, readPath } from "../diff/place.js";
import { AludelError } from "../error/error.js";
import { type Doubt, nameOfDoubt } from "./doubt.js";

/** What a person has said of rows that may be in the way, as the options of the command line have it. */
export interface RowDecisions {
  /** `persons.email=lower(name)`: the value that rows get. */
  readonly backfills: readonly string[];
  /** `mood.sad:mood.ok`: what becomes of a value that goes. */
  readonly mapValues: readonly string[];
  /** `persons.email`: the change is right, whatever rows there are. */
  readonly allow: readonly string[];
}

export const noDecisions: RowDecisions = { backfills: [], mapValues: [], allow: [] };

/** The doubts that are left, and what is to be done about the others. */
export interface Settled {
  readonly open: readonly Doubt[];
  /** The value that rows get. */
  readonly fills: ReadonlyMap<Doubt, string>;
  /** The value of the enum that takes the place of one that goes. */
  readonly values: ReadonlyMap<Doubt, string>;
}

function key(parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function partsOf(doubt: Doubt): readonly string[] {
  return parsePath(nameOfDoubt(doubt));
}

interface Given {
  readonly flag: string;
  readonly parts: readonly string[];
  readonly kinds: readonly Doubt["kind"][];
  /** Puts the doubt where it belongs. */
  readonly settle: (doubt: Doubt) => void;
}

/**
 * Takes what was decided for the doubts that it is about.
 * @throws AludelError `usage` for a decision that cannot be read, or is about nothing that changes.
 */
export function settle(doubts: readonly Doubt[], decisions: RowDecisions): Settled {
  const fills = new Map<Doubt, string>();
  const values = new Map<Doubt, string>();
  const settled = new Set<Doubt>();
  const given: Given[] = [
    ...decisions.backfills.map((text) => backfill(text, (doubt, value) => fills.set(doubt, value))),
    ...decisions.mapValues.map((text) => mapping(text, (doubt, value) => values.set(doubt, value))),
    ...decisions.allow.map(allowed),
  ];
  for (const { flag, parts, kinds, settle: put } of given) {
    const meant = doubts.filter((doubt) => kinds.includes(doubt.kind) && key(partsOf(doubt)) === key(parts));
    if (meant.length === 0) throw pointless(flag, doubts);
    for (const doubt of meant) {
      put(doubt);
      settled.add(doubt);
    }
  }
  return { open: doubts.filter((doubt) => !settled.has(doubt)), fills, values };
}

function backfill(text: string, put: (doubt: Doubt, value: string) => void): Given {
  const { parts, rest } = readPath(text);
  const value = rest.slice(1).trim();
  if (!rest.startsWith("=") || value === "") {
    throw new AludelError("usage", `"${text}" does not say what rows get`, {
      remedy: `Write it like --backfill "persons.email=lower(name)".`,
    });
  }
  return {
    flag: `--backfill ${text}`,
    parts,
    kinds: ["added", "not-null", "narrowed"],
    settle: (doubt) => put(doubt, value),
  };
}

function mapping(text: string, put: (doubt: Doubt, value: string) => void): Given {
  const { from, to } = parseRename(text);
  const [parts, target] = [parsePath(from), parsePath(to)];
  const value = target.at(-1) ?? "";
  return {
    flag: `--map-value ${text}`,
    parts,
    kinds: ["value-removed"],
    settle: (doubt) => {
      const known = doubt.kind === "value-removed" && doubt.left.includes(value);
      const same = key(target.slice(0, -1)) === key(parts.slice(0, -1));
      if (!known || !same) throw noValue(text, doubt);
      put(doubt, value);
    },
  };
}

function allowed(text: string): Given {
  const kinds = ["added", "not-null", "narrowed", "value-removed"] as const;
  return { flag: `--allow ${text}`, parts: parsePath(text), kinds, settle: () => undefined };
}

function noValue(text: string, doubt: Doubt): AludelError {
  const left = doubt.kind === "value-removed" ? doubt.left : [];
  const names = left.map((member) => formatPlace({ ...doubt.place, member }));
  return new AludelError("usage", `--map-value ${text} leads to no value that the enum will have`, {
    remedy: names.length === 0 ? "Leave it out." : `Choose one of ${names.join(", ")}.`,
  });
}

function pointless(flag: string, doubts: readonly Doubt[]): AludelError {
  const names = [...new Set(doubts.map(nameOfDoubt))];
  return new AludelError("usage", `${flag} is about nothing that rows could be in the way of`, {
    remedy:
      names.length === 0
        ? "Leave it out: no change of this kind is to be made."
        : `Leave it out, or correct the name: ${names.join(", ")}.`,
  });
}
