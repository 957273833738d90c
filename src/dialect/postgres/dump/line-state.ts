/**
 * What is open at the end of a line of SQL: a quote, a quoted body, comments in one another. psql takes commands of its own
 * only where nothing is (its manual, "Meta-Commands").
 */
export class LineState {
  /** The sign or the tag that closes what is open. */
  #open: string | null = null;
  #backslashes = false;
  #comments = 0;

  get isOpen(): boolean {
    return this.#open !== null || this.#comments > 0;
  }

  /** Goes through a line, without its end. */
  read(line: string): void {
    const sign = /--|\/\*|\*\/|[Ee]?'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|\\/g;
    for (let at = 0; at < line.length; ) {
      if (this.#open !== null) {
        const end = this.#endOfQuote(line, at, this.#open);
        if (end === -1) return;
        this.#open = null;
        at = end;
        continue;
      }
      sign.lastIndex = at;
      const found = sign.exec(line);
      if (found === null) return;
      at = sign.lastIndex;
      const [text] = found;
      if (text === "/*") this.#comments += 1;
      else if (this.#comments > 0) this.#comments -= text === "*/" ? 1 : 0;
      else if (text === "--") return;
      else if (text !== "*/" && text !== "\\" && !isPartOfName(line, found.index, text)) {
        this.#open = text.startsWith("$") ? text : text.slice(-1);
        this.#backslashes = /^e/i.test(text) && !isInWord(line, found.index);
      }
    }
  }

  /** Where the text goes on after the quote; -1 when the line ends first. Two quotes close one and open the next. */
  #endOfQuote(line: string, from: number, close: string): number {
    if (!this.#backslashes) {
      const at = line.indexOf(close, from);
      return at === -1 ? -1 : at + close.length;
    }
    for (let at = from; at < line.length; at++) {
      if (line[at] === "\\") at += 1;
      else if (line[at] === close) return at + 1;
    }
    return -1;
  }
}

/** `a$1$b` is a name; in `DATE'…'` only the quote is a sign. */
function isPartOfName(line: string, at: number, sign: string): boolean {
  return sign.startsWith("$") && isInWord(line, at);
}

function isInWord(line: string, at: number): boolean {
  return /[\w$\u0080-\uffff]/.test(line[at - 1] ?? "");
}
