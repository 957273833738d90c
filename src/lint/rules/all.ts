// Written by `node scripts/rules.mjs` from the files of this folder.
import type { Rule } from "../rule.js";
import { rule as dropColumn } from "./drop-column.js";
import { rule as indexNotConcurrent } from "./index-not-concurrent.js";
import { rule as notAnalysed } from "./not-analysed.js";
import { rule as setNotNull } from "./set-not-null.js";
import { rule as suppressionWithoutReason } from "./suppression-without-reason.js";
import { rule as syntaxError } from "./syntax-error.js";
import { rule as tagWithoutApprover } from "./tag-without-approver.js";
import { rule as tagWithoutReason } from "./tag-without-reason.js";
import { rule as unknownSuppression } from "./unknown-suppression.js";
import { rule as unknownTag } from "./unknown-tag.js";
import { rule as unusedSuppression } from "./unused-suppression.js";
import { rule as unusedTag } from "./unused-tag.js";

export const rules: readonly Rule[] = [
  dropColumn,
  indexNotConcurrent,
  notAnalysed,
  setNotNull,
  suppressionWithoutReason,
  syntaxError,
  tagWithoutApprover,
  tagWithoutReason,
  unknownSuppression,
  unknownTag,
  unusedSuppression,
  unusedTag,
];
