import type { Dialect } from "../../dialect.js";

/** The compile functions of some kinds of op; together the groups are the dialect's total map. */
export type Group<K extends keyof Dialect["compile"]> = Pick<Dialect["compile"], K>;
