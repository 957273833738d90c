import { uncommentedDomain } from "../../op/domain.js";
import type { Op } from "../../op/op.js";
import { addressOf, partAddress } from "../../schema/address.js";
import type { Address, Dependencies } from "../../schema/dependency.js";
import { nameKey, nameOf } from "../../schema/name.js";
import type { Domain, Schema } from "../../schema/schema.js";
import type { Needs } from "./needs.js";
import { splitTable } from "./split-table.js";

/** What an op makes and needs, where that is not what follows from its kind. */
export interface Part extends Needs {
  readonly makes: readonly Address[];
  /** What is whole when the op has run. */
  readonly completes?: Address;
}

/** An op in a list that is sorted. */
export interface Piece {
  readonly op: Op;
  readonly part?: Part;
}

/**
 * The ops that make what `op` makes in two goes: first without what needs something that itself needs it (`missing`),
 * then the rest. `null` where it can only be made at once.
 */
export function takeApart(
  op: Op,
  missing: ReadonlySet<Address>,
  to: Schema,
  known: readonly Dependencies[],
): readonly Piece[] | null {
  switch (op.kind) {
    case "create-table":
      return splitTable(op, missing, known)?.map((one): Piece => ({ op: one })) ?? null;
    case "create-view":
      return splitView(op, to, known);
    case "create-domain":
      return splitDomain(op, known);
    default:
      return null;
  }
}

/** The two goes of a view that reads from itself; `null` for every other op. */
export function splitOfItself(op: Op, to: Schema, known: readonly Dependencies[]): readonly Piece[] | null {
  if (op.kind !== "create-view" || !to.views.get(nameKey(op.view))?.outline?.readsItself) return null;
  return splitView(op, to, known);
}

function neededBy(address: Address, known: readonly Dependencies[]): readonly Address[] {
  return known.flatMap((dependencies) => [...(dependencies.get(address) ?? [])]);
}

/** First a view that has the columns and no rows of anything, which is then replaced. */
function splitView(
  op: Op<"create-view">,
  to: Schema,
  known: readonly Dependencies[],
): readonly Piece[] | null {
  const { view } = op;
  const outline = to.views.get(nameKey(view))?.outline;
  if (view.materialized || op.orReplace || outline === undefined) return null;
  const { columnProperties: _, ...bare } = view;
  const address = addressOf("view", view);
  const types = outline.columns.flatMap((name) => neededBy(partAddress("column", view, name), known));
  return [
    {
      op: { ...op, view: { ...bare, parameters: {}, definition: outline.definition, comment: null } },
      part: { makes: [address], addresses: types, texts: [] },
    },
    {
      op: { ...op, orReplace: true, sameColumns: true },
      part: { makes: [], addresses: [...neededBy(address, known), address], texts: [], completes: address },
    },
  ];
}

/** First the type alone, then its default and conditions. */
function splitDomain(op: Op<"create-domain">, known: readonly Dependencies[]): readonly Piece[] | null {
  const { domain } = op;
  if (domain.default === null && domain.checks.length === 0) return null;
  const bare: Domain = { ...domain, default: null, checks: [] };
  const address = addressOf("domain", domain);
  const types = (["enum", "domain", "composite", "table"] as const).map((kind) =>
    addressOf(kind, domain.type),
  );
  const comments = domain.checks.flatMap(({ name, comment }): Op[] => {
    const target = { on: "domain-check", table: nameOf(domain), name } as const;
    return comment === null ? [] : [{ kind: "set-comment", target, comment }];
  });
  const checks = domain.checks.map(({ name }) => partAddress("constraint", domain, name));
  return [
    { op: { ...op, domain: bare }, part: { makes: [address], addresses: types, texts: [] } },
    {
      op: { kind: "alter-domain", domain: uncommentedDomain(domain) },
      part: {
        makes: checks,
        addresses: [...neededBy(address, known), address],
        texts: [],
        completes: address,
      },
    },
    ...comments.map((one): Piece => ({ op: one, part: { makes: [], addresses: checks, texts: [] } })),
  ];
}
