import type { Op } from "../../op/op.js";
import type { Composite, CompositeAttribute } from "../../schema/schema.js";
import { type ColumnBuilder, columnSpec } from "../column-builder.js";
import type { AttributesInput, NameInput, RenamesInput } from "../operations.js";
import { checkName, checkOptions, flag, mistake, toName, toPairs } from "./check-input.js";
import { type Spelling, toType } from "./spelling.js";

const at = (directive: string, name: NameInput) => toName(directive, "type", name);

function toAttribute(
  spelling: Spelling,
  directive: string,
  name: string,
  builder: ColumnBuilder,
): CompositeAttribute {
  checkName(directive, "attribute", name);
  const { type, nullable, collation, comment, ...rest } = columnSpec(builder);
  const more = Object.keys(rest);
  if (!nullable || more.length > 0) {
    throw mistake(
      `${directive} was given ${nullable ? more.join(", ") : "NOT NULL"} for the attribute "${name}"`,
      "An attribute has a type, a collation and a comment. Conditions belong to a domain: op.createDomain.",
    );
  }
  return {
    name,
    type: toType(spelling, directive, type),
    collation: collation === undefined ? null : toName(directive, "collation", collation),
    comment: comment ?? null,
  };
}

function toComposite(
  spelling: Spelling,
  directive: string,
  name: NameInput,
  attributes: AttributesInput,
  comment: string | null,
): Composite {
  const pairs = toPairs<ColumnBuilder>(directive, "attribute", attributes, "{ street: t.text() }");
  return {
    ...at(directive, name),
    attributes: pairs.map(([attribute, builder]) => toAttribute(spelling, directive, attribute, builder)),
    comment,
  };
}

function toRenames(renames: RenamesInput): NonNullable<Op<"alter-composite">["renames"]> {
  const directive = "alterType";
  const pairs: readonly (readonly [string, string])[] = Array.isArray(renames)
    ? renames
    : Object.entries(renames);
  return pairs.map(([attribute, to]) => ({
    attribute: checkName(directive, "attribute", attribute),
    to: checkName(directive, "new attribute", to),
  }));
}

/** Directives on composite types. */
export function compositeDirectives(spelling: Spelling) {
  return {
    createType(
      name: NameInput,
      attributes: AttributesInput,
      options?: { readonly comment?: string },
    ): readonly Op<"create-composite">[] {
      checkOptions("createType", options, ["comment"]);
      const composite = toComposite(spelling, "createType", name, attributes, options?.comment ?? null);
      return [{ kind: "create-composite", composite }];
    },
    alterType(
      name: NameInput,
      attributes: AttributesInput,
      options?: { readonly renames?: RenamesInput },
    ): readonly Op<"alter-composite">[] {
      const directive = "alterType";
      checkOptions(directive, options, ["renames"]);
      const composite = toComposite(spelling, directive, name, attributes, null);
      const commented = composite.attributes.find((attribute) => attribute.comment !== null);
      if (commented !== undefined) {
        throw mistake(
          `${directive} was given a comment for the attribute "${commented.name}"`,
          "Set it with op.setComment({ attribute, type }, …): alterType leaves comments as they are.",
        );
      }
      const renames = toRenames(options?.renames ?? {});
      return [{ kind: "alter-composite", composite, ...(renames.length === 0 ? {} : { renames }) }];
    },
    dropType(name: NameInput, options?: { readonly ifExists?: boolean }): readonly Op<"drop-composite">[] {
      checkOptions("dropType", options, ["ifExists"]);
      return [{ kind: "drop-composite", name: at("dropType", name), ...flag("ifExists", options?.ifExists) }];
    },
    renameType: (name: NameInput, to: string): readonly Op<"rename-composite">[] => [
      { kind: "rename-composite", name: at("renameType", name), to: checkName("renameType", "new type", to) },
    ],
  };
}
