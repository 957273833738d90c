/** What a file name can say of a revision. */
export interface FileNameParts {
  readonly id: string;
  readonly message: string;
  readonly createdAt: Date;
}

const longestSlug = 40;
/** What needs no more than underscores. */
const isPlain = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/**
 * A message as a part of a file name: lower case, ASCII letters and digits, words joined by `_`, at most 40 characters
 * and no half word at the end where that can be helped.
 */
export function slugOf(message: string): string {
  if (message.length <= longestSlug && isPlain.test(message)) return message.replaceAll(" ", "_");
  const plain = message
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (plain.length <= longestSlug) return plain === "" ? "revision" : plain;
  const cut = plain.slice(0, longestSlug + 1);
  const end = cut.lastIndexOf("_");
  return (end > longestSlug / 2 ? cut.slice(0, end) : cut.slice(0, longestSlug)).replace(/_+$/, "");
}

/**
 * The name of a revision's file, without its ending, from a template: `{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}`, also `{id}`.
 * The time is UTC, so that names sort alike wherever they were made. Braces that are no placeholder stay.
 */
export function fileNameOf(template: string, { id, message, createdAt }: FileNameParts): string {
  const iso = createdAt.toISOString();
  const values: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    mm: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    MM: iso.slice(14, 16),
    SS: iso.slice(17, 19),
    slug: slugOf(message),
    id,
  };
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}
