/** A scenario's file: a comment, then named sections. */
export interface Archive {
  readonly comment: string;
  /** In the order of the file. */
  readonly sections: ReadonlyMap<string, string>;
}

const marker = /^-- ([\w.-]+) --$/;

/** @throws Error for a section that is there twice: one of them would be asserted by nobody. */
export function parseArchive(text: string): Archive {
  const sections = new Map<string, string>();
  const comment: string[] = [];
  let lines = comment;
  const close = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const name = marker.exec(line)?.[1];
    if (name === undefined) lines.push(line);
    else {
      if (close.has(name)) throw new Error(`Section ${name} is there twice`);
      lines = [];
      close.set(name, lines);
    }
  }
  for (const [name, content] of close) sections.set(name, trimLines(content.join("\n")));
  return { comment: trimLines(comment.join("\n")), sections };
}

function trimLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

/** The text of an archive; the inverse of `parseArchive` but for blank lines around sections. */
export function formatArchive({ comment, sections }: Archive): string {
  const parts = [...sections].map(([name, text]) => `-- ${name} --\n${text === "" ? "" : `${text}\n`}`);
  return `${comment}\n\n${parts.join("\n")}`;
}
