import type { FileText } from "../place.js";

/** A text in code: from its opening quote to behind its closing one. */
export interface Literal {
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}

const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g;

/** The literal that an offset is in. */
export function literalAround({ text }: FileText, offset: number): Literal | null {
  for (const { 0: found, index } of text.matchAll(pattern)) {
    if (index + found.length <= offset) continue;
    const quote = found[0] ?? "";
    if (index >= offset || !/["'`]/.test(quote)) return null;
    return { start: index, end: index + found.length, quote };
  }
  return null;
}
