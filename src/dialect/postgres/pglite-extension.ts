import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** The file system inside PGlite: Emscripten's, as far as it is needed here. */
export interface PgliteFiles {
  writeFile(path: string, data: Uint8Array): void;
  mkdirTree(path: string): void;
  createPreloadedFile(
    parent: string,
    name: string,
    data: Uint8Array,
    canRead: boolean,
    canWrite: boolean,
    onload: () => void,
    onerror: () => void,
    dontCreateFile: boolean,
  ): void;
}

/** Extensions that come in the bundle of another name, or in a package of their own. */
const bundleOf: Readonly<Record<string, string>> = {
  autoinc: "spi",
  insert_username: "spi",
  moddatetime: "spi",
  refint: "spi",
};
const packageOf: Readonly<Record<string, string>> = { vector: "@electric-sql/pglite-pgvector" };

/** Files of a tar archive. Only what PGlite's bundles have: plain files and folders with short names. */
function* filesOfTar(tar: Buffer): Generator<{ readonly path: string; readonly data: Buffer }> {
  for (let at = 0; at + 512 <= tar.length; ) {
    const text = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const name = text(0, 100);
    if (name === "") return;
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
    const kind = text(156, 1);
    if (kind === "" || kind === "0") {
      const path = (prefix ? `${prefix}/${name}` : name).replace(/^\.\//, "");
      yield { path, data: tar.subarray(at + 512, at + 512 + size) };
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

async function bundleFile(extension: string, entry: string): Promise<Buffer | null> {
  const ownPackage = packageOf[extension];
  if (ownPackage === undefined) {
    const file = join(dirname(entry), `${bundleOf[extension] ?? extension}.tar.gz`);
    return readFile(file).catch(() => null);
  }
  try {
    const module = await import(createRequire(entry).resolve(ownPackage));
    const { bundlePath } = await (module.default ?? module)[extension].setup({}, {});
    return await readFile(fileURLToPath(bundlePath));
  } catch {
    return null;
  }
}

async function addFile(files: PgliteFiles, path: string, data: Uint8Array): Promise<void> {
  const folder = dirname(path);
  files.mkdirTree(folder);
  if (!path.endsWith(".so")) return files.writeFile(path, data);
  // A library is compiled when it is added: the server, which is synchronous, can only load what is ready.
  await new Promise<void>((resolve) => {
    const name = path.slice(folder.length + 1);
    files.createPreloadedFile(folder, name, data, true, true, resolve, resolve, false);
  });
}

/** Names of extensions that a script creates. May find too many; that costs a little time and nothing else. */
export function extensionsIn(script: string): readonly string[] {
  const pattern = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|(\w+))/gi;
  return [...script.matchAll(pattern)].map(([, quoted, plain]) => quoted ?? (plain ?? "").toLowerCase());
}

/**
 * Gives PGlite the files of an extension that its package brings along, with those that it requires. Extensions are
 * otherwise named when PGlite starts, when nobody knows yet which ones a revision will create, and all of them
 * together would double the time that a start takes. One that PGlite does not have is left to the server's own error.
 */
export async function addExtension(
  extension: string,
  pglite: { readonly files: PgliteFiles; readonly entry: string },
  known: Set<string>,
): Promise<void> {
  if (known.has(extension) || !/^[\w-]+$/.test(extension)) return;
  known.add(extension);
  const bundle = await bundleFile(extension, pglite.entry);
  if (bundle === null) return;
  for (const { path, data } of filesOfTar(gunzipSync(bundle))) {
    // A copy: the archive's memory is not to be kept alive by one file of it.
    await addFile(pglite.files, `/pglite/${path}`, new Uint8Array(data));
    if (!path.endsWith(".control")) continue;
    const required = /^\s*requires\s*=\s*'([^']*)'/m.exec(data.toString("utf8"))?.[1] ?? "";
    for (const name of required.split(",")) await addExtension(name.trim(), pglite, known);
  }
}
