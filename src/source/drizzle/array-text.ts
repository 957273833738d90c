/**
 * The text form of an array (PostgreSQL manual, 8.15.6 "Array Input and Output Syntax"). Every text is quoted, so that
 * none is taken for a delimiter or for NULL.
 *
 * @throws Error with a sentence for the user, for an element that has no text form
 */
export function arrayText(values: readonly unknown[]): string {
  return `{${values.map(elementText).join(",")}}`;
}

function elementText(value: unknown): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return arrayText(value);
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return quoted(objectText(value));
    default:
      throw new Error(`an array's element is of type ${typeof value}`);
  }
}

function objectText(value: object | undefined): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return JSON.stringify(value);
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
