import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { AludelError, messageOf } from "../../error/error.js";
import type { Host, TlsSettings } from "./url.js";

/** `false` is a connection without TLS. */
export type TlsAttempt = false | ConnectionOptions;

async function readPem(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new AludelError("file-unreadable", `The file of ${option} could not be read: ${messageOf(cause)}`, {
      remedy: `Correct ${option} in the database URL.`,
      where: { file: path },
      cause,
    });
  }
}

/** A file that libpq looks for when the option is not given. */
function defaultFile(name: string): string | null {
  const path =
    process.platform === "win32"
      ? join(process.env["APPDATA"] ?? homedir(), "postgresql", name)
      : join(homedir(), ".postgresql", name);
  return existsSync(path) ? path : null;
}

async function encrypted(settings: TlsSettings): Promise<ConnectionOptions> {
  const { mode } = settings;
  const root =
    settings.rootCertificate === "system" ? null : (settings.rootCertificate ?? defaultFile("root.crt"));
  if (mode === "verify-ca" && root === null) {
    throw new AludelError("url-invalid", "sslmode=verify-ca needs the certificate of your authority", {
      remedy: "Add sslrootcert=<file>, or use sslmode=verify-full, which also checks the host's name.",
    });
  }
  const certificate = settings.certificate ?? defaultFile("postgresql.crt");
  const key = settings.key ?? (certificate === null ? null : defaultFile("postgresql.key"));
  // As in libpq: with a root certificate at hand, `require` checks the chain, too.
  const checksChain = mode === "verify-full" || mode === "verify-ca" || (mode === "require" && root !== null);
  return {
    rejectUnauthorized: checksChain,
    ...(checksChain && mode !== "verify-full" ? { checkServerIdentity: () => undefined } : {}),
    ...(root !== null && checksChain ? { ca: await readPem(root, "sslrootcert") } : {}),
    ...(certificate === null ? {} : { cert: await readPem(certificate, "sslcert") }),
    ...(key === null ? {} : { key: await readPem(key, "sslkey") }),
    ...(settings.keyPassword === null ? {} : { passphrase: settings.keyPassword }),
    ...(settings.minimumVersion === null ? {} : { minVersion: settings.minimumVersion as "TLSv1.2" }),
    ...(settings.maximumVersion === null ? {} : { maxVersion: settings.maximumVersion as "TLSv1.2" }),
  };
}

/**
 * The ways to open a connection in the order that `sslmode` has them; the next one is for a server that will not
 * have the one before.
 *
 * Source: PostgreSQL manual, "SSL Support" (libpq-ssl), table of sslmode.
 *
 * @throws AludelError `file-unreadable`, `url-invalid`.
 */
export async function tlsAttempts(settings: TlsSettings, host: Host): Promise<readonly TlsAttempt[]> {
  if (settings.mode === "disable" || host.host.startsWith("/")) return [false];
  const tls = await encrypted(settings);
  if (settings.mode === "allow") return [false, tls];
  if (settings.mode === "prefer") return [tls, false];
  return [tls];
}
