import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";

/** What `libpg-query` exports. */
export type Parser = typeof import("libpg-query");

let loading: Promise<Parser> | null = null;

/**
 * PostgreSQL's own parser (libpg-query, of PostgreSQL 18), ready to be asked.
 *
 * Its grammar is one enormous function. Optimising that takes V8 half a second and, since Node 24, half a gigabyte, and pays only
 * after more SQL than any project has.
 */
export function loadParser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  // Whether a function is counted as busy is settled when it is first called. Those of a module that are never counted would be
  // optimised at once, without the other setting, which bears on no other module.
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  // Functions are compiled when they are first called; what is left to do takes other threads longer than this one.
  setFlagsFromString("--no-wasm-async-compilation");
  try {
    // `import` would first look through the text of what is CommonJS for its exports.
    const parser: Parser = createRequire(import.meta.url)("libpg-query");
    await parser.loadModule();
    parser.parseSync("SELECT 1");
    return parser;
  } finally {
    // PGlite's are worth it.
    setFlagsFromString("--wasm-dynamic-tiering");
    setFlagsFromString("--wasm-async-compilation");
  }
}
