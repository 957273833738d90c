// Written by `node scripts/rules.mjs` from the files of this folder.
import type { Rule } from "../rule.js";
import { rule as dropColumn } from "./drop-column.js";
import { rule as indexNotConcurrent } from "./index-not-concurrent.js";
import { rule as setNotNull } from "./set-not-null.js";

export const rules: readonly Rule[] = [dropColumn, indexNotConcurrent, setNotNull];
