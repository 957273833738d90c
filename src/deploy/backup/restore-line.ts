import type { Environment } from "../../config/config.js";

/** A word of a command line as a shell wants it. */
function word(text: string): string {
  return /^[\w@%+=:,./~\\-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `aludel restore /srv/shop/backups/4f2a_20261122T092530Z_app.dump --env production --replace` */
export function restoreLine(path: string, { name }: Environment, target: string): string {
  // A URL that was given by hand belongs to no environment.
  const where = name === "--url" ? ["--url", target] : ["--env", name];
  return ["aludel", "restore", path, ...where, "--replace"].map(word).join(" ");
}
