/**
 * A text that a regular expression matches, for expressions of the common kind: literals, classes, groups,
 * alternatives, repetitions and anchors. `pick` chooses among `count` possibilities. `null` for what is not understood
 * (back references, look-around, named classes that are not known).
 */
export function samplePattern(pattern: string, pick: (count: number) => number): string | null {
  try {
    return new Sampler(pattern, pick).alternatives(true);
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

class NotUnderstood extends Error {}

const classes: Readonly<Record<string, string>> = {
  d: "0123456789",
  w: "abcxyzABC019_",
  s: " ",
  D: "aZ-",
  W: "-. ",
  S: "aZ0-",
};

const named: Readonly<Record<string, string>> = {
  alpha: "abcXYZ",
  digit: "0123456789",
  alnum: "abcXYZ019",
  upper: "ABCXYZ",
  lower: "abcxyz",
  space: " ",
  punct: "-.!",
  xdigit: "0189abcdef",
};

class Sampler {
  readonly #pattern: string;
  readonly #pick: (count: number) => number;
  #at = 0;

  constructor(pattern: string, pick: (count: number) => number) {
    this.#pattern = pattern;
    this.#pick = pick;
  }

  alternatives(isWhole: boolean): string {
    const found = [this.#sequence()];
    while (this.#next() === "|") {
      this.#at += 1;
      found.push(this.#sequence());
    }
    if (isWhole && this.#at < this.#pattern.length) throw new NotUnderstood();
    return found[this.#pick(found.length)] ?? "";
  }

  #next(): string {
    return this.#pattern.charAt(this.#at);
  }

  #sequence(): string {
    let text = "";
    while (this.#next() !== "" && this.#next() !== "|" && this.#next() !== ")") text += this.#repeated();
    return text;
  }

  /** One piece with its repetition. Each repetition is read anew, so that its characters differ. */
  #repeated(): string {
    const start = this.#at;
    const first = this.#piece();
    const times = this.#times();
    const end = this.#at;
    if (times === 0) return "";
    let text = first;
    for (let left = times - 1; left > 0; left -= 1) {
      this.#at = start;
      text += this.#piece();
    }
    this.#at = end;
    return text;
  }

  #times(): number {
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#pattern.slice(this.#at));
    let range: readonly [number, number] = [1, 1];
    if (counted !== null) {
      this.#at += counted[0].length;
      const least = Number(counted[1]);
      const most = counted[2] === undefined ? least : counted[3] === "" ? least + 2 : Number(counted[3]);
      range = [least, Math.min(most, least + 4)];
    } else if (this.#next() === "*") range = this.#take([0, 3]);
    else if (this.#next() === "+") range = this.#take([1, 3]);
    else if (this.#next() === "?") range = this.#take([0, 1]);
    if (this.#next() === "?" && (counted !== null || range[1] !== 1)) this.#at += 1;
    return range[0] + this.#pick(range[1] - range[0] + 1);
  }

  #take(range: readonly [number, number]): readonly [number, number] {
    this.#at += 1;
    return range;
  }

  #piece(): string {
    const character = this.#next();
    this.#at += 1;
    switch (character) {
      case "^":
      case "$":
        return "";
      case ".":
        return "a";
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw new NotUnderstood();
      default:
        return character;
    }
  }

  #group(): string {
    if (this.#next() === "?") {
      if (!this.#pattern.startsWith("?:", this.#at)) throw new NotUnderstood();
      this.#at += 2;
    }
    const text = this.alternatives(false);
    if (this.#next() !== ")") throw new NotUnderstood();
    this.#at += 1;
    return text;
  }

  #escape(): string {
    const character = this.#next();
    this.#at += 1;
    const set = classes[character];
    if (set !== undefined) return set.charAt(this.#pick(set.length));
    if (/[AZmMyYbB]/.test(character)) return "";
    if (character === "n") return "\n";
    if (character === "t") return "\t";
    if (/[a-zA-Z0-9]/.test(character) || character === "") throw new NotUnderstood();
    return character;
  }

  #class(): string {
    const isNegated = this.#next() === "^";
    if (isNegated) this.#at += 1;
    let members = "";
    for (let isFirst = true; isFirst || this.#next() !== "]"; isFirst = false) {
      if (this.#next() === "") throw new NotUnderstood();
      members += this.#member();
    }
    this.#at += 1;
    if (isNegated) members = [..."aZ0-_ x"].filter((one) => !members.includes(one)).join("");
    if (members === "") throw new NotUnderstood();
    return members.charAt(this.#pick(members.length));
  }

  #member(): string {
    const rest = this.#pattern.slice(this.#at);
    const name = /^\[:(\w+):\]/.exec(rest);
    if (name !== null) {
      this.#at += name[0].length;
      const set = named[name[1] ?? ""];
      if (set === undefined) throw new NotUnderstood();
      return set;
    }
    const range = /^([^\\\]])-([^\\\]])/.exec(rest);
    if (range !== null) {
      this.#at += range[0].length;
      return between(range[1] ?? "", range[2] ?? "");
    }
    this.#at += 1;
    if (!rest.startsWith("\\")) return rest.charAt(0);
    const escaped = rest.charAt(1);
    this.#at += 1;
    return classes[escaped] ?? escaped;
  }
}

function between(first: string, last: string): string {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)];
  if (from > to) throw new NotUnderstood();
  const all = Array.from({ length: Math.min(to - from + 1, 64) }, (_, at) => String.fromCharCode(from + at));
  return all.join("");
}
