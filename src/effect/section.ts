/** What the comments of a file say to the tool that runs it: goose, dbmate, sql-migrate, Atlas, sqlx, Aludel itself. */
export interface Directives {
  /** Whether the text at an offset undoes what the file does. */
  isDown(offset: number): boolean;
  /** The tool that it was written for puts no transaction around it. */
  readonly withoutTransaction: boolean;
}

const mark =
  /^[ \t]*--[ \t]*(?:(?:\+goose|\+migrate|\+micrate)[ \t]+|migrate:|aludel:|@?mig(?:rate)?[ \t]+)(?<way>up|down|upgrade|downgrade)\b[^\n]*|^[ \t]*--[ \t]*\/\/[ \t]*@(?<undo>undo)\b[^\n]*/gim;

const outside =
  /^[ \t]*--[ \t]*(?:\+goose[ \t]+no[ \t]+transaction|\+migrate[ \t]+up[ \t]+notransaction|migrate:up[^\n]*transaction:false|atlas:txmode[ \t]+none|no-transaction)\b/im;

export function readDirectives(text: string): Directives {
  const downs: (readonly [from: number, isDown: boolean])[] = [];
  if (text.includes("--")) {
    for (const { index, groups } of text.matchAll(mark)) {
      downs.push([index, /^down/i.test(groups?.["way"] ?? "") || groups?.["undo"] !== undefined]);
    }
  }
  return {
    isDown: (offset) => downs.findLast(([from]) => from <= offset)?.[1] ?? false,
    withoutTransaction: outside.test(text),
  };
}
