import type { Op } from "../../op/op.js";
import type { NameInput } from "../operations.js";
import { checkName, checkOptions, flag, mistake, toName } from "./check-input.js";

type MovedKind = Op<"set-namespace">["on"];
const movedKinds: readonly MovedKind[] = [
  ...(["table", "view", "materialized-view", "sequence", "enum", "domain", "composite"] as const),
];

/** Directives on what SQL calls schemas, and on extensions. */
export const namespaceDirectives = {
  createSchema(
    name: string,
    options?: { readonly comment?: string; readonly ifNotExists?: boolean },
  ): readonly Op<"create-namespace">[] {
    checkOptions("createSchema", options, ["comment", "ifNotExists"]);
    return [
      {
        kind: "create-namespace",
        namespace: { name: checkName("createSchema", "schema", name), comment: options?.comment ?? null },
        ...flag("ifNotExists", options?.ifNotExists),
      },
    ];
  },
  setSchema(on: MovedKind, name: NameInput, schema: string | null): readonly Op<"set-namespace">[] {
    if (!movedKinds.includes(on)) {
      throw mistake(`setSchema moves no ${String(on)}`, `What it moves is one of ${movedKinds.join(", ")}.`);
    }
    const to = schema === null ? null : checkName("setSchema", "schema", schema);
    return [{ kind: "set-namespace", on, name: toName("setSchema", on, name), to }];
  },
  dropSchema(
    name: string,
    options?: { readonly ifExists?: boolean; readonly cascade?: boolean },
  ): readonly Op<"drop-namespace">[] {
    checkOptions("dropSchema", options, ["ifExists", "cascade"]);
    return [
      {
        kind: "drop-namespace",
        name: checkName("dropSchema", "schema", name),
        ...flag("ifExists", options?.ifExists),
        ...flag("cascade", options?.cascade),
      },
    ];
  },
  createExtension(
    name: string,
    options?: {
      readonly schema?: string;
      readonly version?: string;
      readonly comment?: string | null;
      readonly ifNotExists?: boolean;
    },
  ): readonly Op<"create-extension">[] {
    checkOptions("createExtension", options, ["schema", "version", "comment", "ifNotExists"]);
    return [
      {
        kind: "create-extension",
        extension: {
          name: checkName("createExtension", "extension", name),
          namespace: options?.schema ?? null,
          version: options?.version ?? null,
          ...(options?.comment === undefined ? {} : { comment: options.comment }),
        },
        ...flag("ifNotExists", options?.ifNotExists),
      },
    ];
  },
  dropExtension(name: string, options?: { readonly ifExists?: boolean }): readonly Op<"drop-extension">[] {
    checkOptions("dropExtension", options, ["ifExists"]);
    return [
      {
        kind: "drop-extension",
        name: checkName("dropExtension", "extension", name),
        ...flag("ifExists", options?.ifExists),
      },
    ];
  },
  alterExtension(
    name: string,
    changes: { readonly version?: string; readonly schema?: string | null },
  ): readonly Op<"alter-extension">[] {
    checkOptions("alterExtension", changes, ["version", "schema"]);
    const { version, schema } = changes;
    return [
      {
        kind: "alter-extension",
        name: checkName("alterExtension", "extension", name),
        changes: {
          ...(version === undefined ? {} : { version }),
          ...(schema === undefined ? {} : { namespace: schema }),
        },
      },
    ];
  },
};
