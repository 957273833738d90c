/** A file that only gives what another one has, under other names; and what has the name of one in an `import()`. */
const facade = /^export \{ ([^{}]+) \} from "\.\/([^"/]+)";\s*$/;
const lazyImport = /\bimport\("(\.\.?\/(?:modules\/)?)([^"/]+)"\)/g;

/**
 * For each module that is imported when it is needed and has been put into a file with others the bundler writes a file more,
 * which gives what the module exports. A cold start pays for each: here whoever imports it takes it from where it is.
 *
 * @returns {import("rolldown").Plugin}
 */
export function withoutFacades() {
  return {
    name: "without-facades",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const facades = new Map();
      for (const { fileName, isEntry, code } of chunks) {
        const [, names, file] = facade.exec(code) ?? [];
        if (!isEntry && names !== undefined) facades.set(fileName.replace("modules/", ""), { names, file });
      }
      for (const chunk of chunks) {
        chunk.code = chunk.code.replace(lazyImport, (whole, folder, name) => {
          const found = facades.get(name);
          return found === undefined
            ? whole
            : `import("${folder}${found.file}").then(${picking(found.names)})`;
        });
      }
      const isNamed = (name) => chunks.some(({ code }) => code.includes(`/${name}"`));
      for (const name of facades.keys()) if (!isNamed(name)) delete bundle[`modules/${name}`];
    },
  };
}

/** `c as createContext, f` → a function that gives these two under the names behind `as`. */
function picking(names) {
  const properties = names.split(", ").map((one) => {
    const [inner, outer = inner] = one.split(" as ");
    return `${outer}: all.${inner}`;
  });
  return `(all) => ({ ${properties.join(", ")} })`;
}
