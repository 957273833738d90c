import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Changes with everything that changes what `transformScript` gives. */
export function transformVersion(): string {
  const { version } = require("sucrase/package.json") as { readonly version: string };
  return `2 sucrase ${version} node ${process.versions.node.split(".")[0]}`;
}

/** What the fast transform cannot do, or would do wrongly: it is left to the thorough one. */
const beyond = /\bimport\s*\.\s*meta\b|^[ \t]*@[A-Za-z_$]|\bexport\s*=|\bnamespace\s+[A-Za-z_$][\w$.]*\s*\{/m;

/** True when a file needs the thorough transform. May say so needlessly. */
export function needsThoroughTransform(source: string): boolean {
  return beyond.test(source);
}

/**
 * TypeScript or modern JavaScript as a CommonJS script, every line where it was. Types are removed, not checked.
 * @throws the transformer's own error, with `loc`, for text that it cannot read.
 */
export function transformScript(source: string, options: { readonly jsx?: boolean } = {}): string {
  const { transform } = require("sucrase") as typeof import("sucrase");
  return transform(source, {
    transforms: options.jsx ? ["typescript", "imports", "jsx"] : ["typescript", "imports"],
    disableESTransforms: true,
    production: true,
  }).code;
}
