/**
 * The types of columns that Aludel's own tables of earlier versions do not have, by their names. They take NULL, and nothing
 * but telling of a run depends on them.
 */
export interface LaterColumns {
  readonly runLog: Readonly<Record<string, string>>;
  readonly deploy: Readonly<Record<string, string>>;
}
