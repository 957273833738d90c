import type { AliasTool, PolicyTag } from "../rule.js";

/** Who a comment is written for. */
export type Writer = "aludel" | AliasTool;

/** `next`: the next statement, or the one that it stands in or behind. */
export type Reach = "next" | "file" | "start" | "end";

/** A comment that keeps rules quiet, as it was written. */
export interface Suppression {
  readonly kind: "suppression";
  readonly writer: Writer;
  readonly reach: Reach;
  /** As the writer's tool calls them; `null` is all of them. */
  readonly rules: readonly string[] | null;
  readonly reason: string | null;
}

/** A word of a team's policy. */
export interface Tag {
  readonly kind: "tag";
  readonly name: PolicyTag;
  readonly who: string | null;
  readonly reason: string | null;
}

/** Something that was meant to be one of these, and is none. */
export interface Misspelt {
  readonly kind: "misspelt";
  readonly found: string;
  readonly meant: string | null;
  readonly of: "suppression" | "tag";
}

export type Directive = Suppression | Tag | Misspelt;
