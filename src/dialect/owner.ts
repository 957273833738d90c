import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Whether a process of this machine is there, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Who made something that is to be gone when its maker is. */
export interface Owner {
  readonly pid: number;
  /** Of the machine, and of the container in it: process numbers mean something only there. Six hexadecimal digits. */
  readonly host: string;
  /** When the process started, as the system counts; `null` where the system does not tell. */
  readonly start: string | null;
}

/** When a process started, so that another one which was given the same number can be told from it. */
function startOf(pid: number): string | null {
  try {
    // The name in brackets may hold anything; the 20th word after it is the start (proc(5), /proc/pid/stat).
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

function hostOfThis(): string {
  return createHash("sha256").update(`${hostname()}\n${processNamespace()}`).digest("hex").slice(0, 6);
}

/** This process. */
export const thisOwner: Owner = { pid: process.pid, host: hostOfThis(), start: startOf(process.pid) };

/** Tells one use of this module from another in the same process: worker threads have the module each for itself. */
export const thisInstance: string = randomBytes(4).toString("hex");

/**
 * True when the process is certainly gone. Of another machine nothing is known.
 */
export function isGone({ pid, host, start }: Owner): boolean {
  if (host !== thisOwner.host) return false;
  if (!isAlive(pid)) return true;
  const now = startOf(pid);
  return start !== null && now !== null && start !== now;
}
