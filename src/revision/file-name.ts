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

const placeholderValue: Readonly<Record<string, (parts: FileNameParts, iso: string) => string>> = {
  yyyy: (_, iso) => iso.slice(0, 4),
  mm: (_, iso) => iso.slice(5, 7),
  dd: (_, iso) => iso.slice(8, 10),
  HH: (_, iso) => iso.slice(11, 13),
  MM: (_, iso) => iso.slice(14, 16),
  SS: (_, iso) => iso.slice(17, 19),
  slug: ({ message }) => slugOf(message),
  id: ({ id }) => id,
};

/** `fileNameOf` for many revisions: the template is read once. */
export function fileNamesBy(template: string): (parts: FileNameParts) => string {
  const pieces = template.split(/(\{\w+\})/).map((text) => {
    const name = text.slice(1, -1);
    return text.startsWith("{") && Object.hasOwn(placeholderValue, name)
      ? (placeholderValue[name] ?? text)
      : text;
  });
  return (parts) => {
    const iso = parts.createdAt.toISOString();
    let name = "";
    for (const piece of pieces) name += typeof piece === "string" ? piece : piece(parts, iso);
    return name;
  };
}

/**
 * The name of a revision's file, without its ending, from a template: `{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}`, also `{id}`.
 * The time is UTC, so that names sort alike wherever they were made. Braces that are no placeholder stay.
 */
export function fileNameOf(template: string, parts: FileNameParts): string {
  return fileNamesBy(template)(parts);
}
