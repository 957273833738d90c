import type {
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  CommentStmt,
  DropStmt,
  GrantStmt,
  Node,
  RenameStmt,
} from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { ObjectName } from "../../../../schema/name.js";
import { nameParts, nodeName, qualified, rangeName } from "./node.js";
import { memberKinds, objectKind } from "./object-kind.js";

interface Named {
  readonly name: ObjectName;
  readonly member: string | null;
}

/** `a.b.c` as the member `c` of `a.b`. */
function ownerAndMember(parts: readonly string[]): Named {
  return { name: qualified(parts.slice(0, -1)), member: parts.at(-1) ?? "" };
}

export function readDrop(node: DropStmt): readonly Act[] {
  const object = objectKind(node.removeType);
  const objects = node.objects ?? [];
  const flags = {
    ifExists: node.missing_ok ?? false,
    cascade: node.behavior === "DROP_CASCADE",
  };
  if (object === "trigger" || object === "rule" || object === "policy") {
    return objects.map((one) => {
      const { name, member } = ownerAndMember(nameParts(one));
      return { kind: "drop-from-table", object, name: member ?? "", table: name, ...flags };
    });
  }
  return [
    { kind: "drop", object, names: objects.map(nodeName), concurrently: node.concurrent ?? false, ...flags },
  ];
}

export function readRename(node: RenameStmt): Act {
  const object = objectKind(node.renameType);
  const isMember = memberKinds.has(object);
  // Schemas, roles and databases have their name where others have their member's.
  const own = node.relation === undefined && node.object === undefined ? node.subname : undefined;
  const name =
    own === undefined
      ? node.relation === undefined
        ? nodeName(node.object)
        : rangeName(node.relation)
      : { namespace: null, name: own };
  return {
    kind: "rename",
    object,
    name,
    member: isMember ? (node.subname ?? "") : null,
    to: node.newname ?? "",
    ifExists: node.missing_ok ?? false,
  };
}

export function readSetSchema(node: AlterObjectSchemaStmt): Act {
  return {
    kind: "set-schema",
    object: objectKind(node.objectType),
    name: node.relation === undefined ? nodeName(node.object) : rangeName(node.relation),
    schema: node.newschema ?? "",
    ifExists: node.missing_ok ?? false,
  };
}

export function readSetOwner(node: AlterOwnerStmt): Act {
  return {
    kind: "set-owner",
    object: objectKind(node.objectType),
    name: node.relation === undefined ? nodeName(node.object) : rangeName(node.relation),
    owner: node.newowner?.rolename ?? "CURRENT_USER",
  };
}

export function readComment(node: CommentStmt): Act {
  const object = objectKind(node.objtype);
  const parts = nameParts(node.object);
  const isMember = memberKinds.has(object) && parts.length > 1;
  return {
    kind: "comment",
    object,
    ...(isMember ? ownerAndMember(parts) : { name: qualified(parts), member: null }),
    text: node.comment ?? null,
  };
}

function privilege(node: Node): readonly string[] {
  return "AccessPriv" in node ? [node.AccessPriv.priv_name ?? "all"] : [];
}

function grantee(node: Node): readonly string[] {
  if (!("RoleSpec" in node)) return [];
  const { roletype, rolename } = node.RoleSpec;
  return [
    rolename ?? (roletype === "ROLESPEC_PUBLIC" ? "public" : (roletype ?? "").replace("ROLESPEC_", "")),
  ];
}

export function readGrant(node: GrantStmt): Act {
  const privileges = (node.privileges ?? []).flatMap(privilege);
  return {
    kind: "grant",
    object: objectKind(node.objtype),
    revoke: node.is_grant !== true,
    names: (node.objects ?? []).map(nodeName),
    allInSchema: node.targtype === "ACL_TARGET_ALL_IN_SCHEMA",
    privileges: privileges.length === 0 ? ["all"] : privileges,
    grantees: (node.grantees ?? []).flatMap(grantee),
    withGrantOption: node.grant_option ?? false,
  };
}
