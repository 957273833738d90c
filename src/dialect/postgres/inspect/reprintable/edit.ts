/** A change of some text: what from `start` to `end` becomes. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
