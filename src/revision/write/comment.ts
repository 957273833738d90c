import type { CommentTarget } from "../../op/op.js";
import { objectName, string } from "./literal.js";
import { objectTargetEntries } from "./object.js";
import type { Entry } from "./print.js";

/** A target of a comment, for `setComment`. */
export function commentTarget(target: CommentTarget): readonly Entry[] {
  switch (target.on) {
    case "table":
    case "view":
    case "enum":
    case "sequence":
      return [[target.on, objectName(target.name)]];
    case "domain":
      return [["domain", objectName(target.name)]];
    case "composite":
      return [["type", objectName(target.name)]];
    case "namespace":
      return [["schema", string(target.name)]];
    case "extension":
      return [["extension", string(target.name)]];
    case "domain-check":
      return [
        ["check", string(target.name)],
        ["domain", objectName(target.table)],
      ];
    case "attribute":
      return [
        ["attribute", string(target.name)],
        ["type", objectName(target.table)],
      ];
    case "defined":
      return objectTargetEntries(target.object);
    case "column":
    case "constraint":
    case "index":
    case "policy":
      return [
        [target.on, string(target.name)],
        ["table", objectName(target.table)],
      ];
  }
}
