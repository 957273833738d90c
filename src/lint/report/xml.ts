/** Text as it may stand in an element or an attribute of XML 1.0, which has no place for some control characters. */
export function xmlText(text: string): string {
  return (
    text
      // Halves of characters, which nothing can be written with.
      .replace(/[\ud800-\udfff]/gu, "\ufffd")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("\n", "&#10;")
  );
}
