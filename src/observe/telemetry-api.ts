import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export type Api = typeof import("@opentelemetry/api");

/** Where all copies of the interface, of one major version, keep what was registered (`@opentelemetry/api`, global-utils). */
const registered = Symbol.for("opentelemetry.js.api.1");

/** Somebody has set OpenTelemetry up in this process. Loads nothing. */
export function hasTelemetry(): boolean {
  const found = (globalThis as { readonly [registered]?: { trace?: unknown; metrics?: unknown } })[
    registered
  ];
  return found?.trace !== undefined || found?.metrics !== undefined;
}

/** OpenTelemetry's interface, of the user's project or beside Aludel; `null` where neither has it. */
export async function loadApi(directory: string): Promise<Api | null> {
  for (const from of [join(directory, "package.json"), import.meta.url]) {
    try {
      const file = createRequire(from).resolve("@opentelemetry/api");
      const module = (await import(pathToFileURL(file).href)) as Partial<Api> & { readonly default?: Api };
      // As CommonJS it is all in `default`; the default of the other one has less than its names.
      return module.SpanKind === undefined ? (module.default ?? null) : (module as Api);
    } catch {
      // Not there, or nothing that can be loaded: the next place.
    }
  }
  return null;
}
