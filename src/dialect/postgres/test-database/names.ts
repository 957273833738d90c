import { isGone, type Owner, thisInstance, thisOwner } from "../../owner.js";
import type { TestTemplate } from "../../test-databases.js";

/** What the name of a database says that was made for tests. It is all that is needed to sweep it. */
export type TestName =
  | {
      readonly kind: "test";
      readonly hash: string;
      readonly pid: number;
      readonly host: string;
      readonly instance: string;
    }
  | { readonly kind: "kept"; readonly hash: string }
  | { readonly kind: "template" | "spare"; readonly project: string; readonly hash: string };

/** What a database's comment says beside it. */
export interface TestComment {
  /** When the process started that it belongs to. */
  readonly start?: string | null;
  /** The project's configuration file. */
  readonly config?: string;
  readonly host?: string;
  readonly madeAt?: string;
}

let made = 0;

/** The name of the next database of this process, `aludel_test_<hash>_<pid>_<host><instance>_<number>`. */
export function nextTestName(hash: string): string {
  made += 1;
  return `aludel_test_${hash}_${process.pid}_${thisOwner.host}${thisInstance}_${made.toString(36)}`;
}

/** The name of a database that no process owns. */
export function nextKeptName(hash: string): string {
  made += 1;
  return `aludel_test_${hash}_kept_${thisInstance}${made.toString(36)}`;
}

export function templateName({ project, hash }: TestTemplate): string {
  return `aludel_template_${project}_${hash}`;
}

export function nextSpareName(template: TestTemplate): string {
  made += 1;
  return `${templateName(template)}_spare_${thisInstance}${made.toString(36)}`;
}

/** What a name says; `null` for a database that is not one of these. */
export function parseTestName(name: string): TestName | null {
  const test = /^aludel_test_([0-9a-f]{8})_(\d+)_([0-9a-f]{6})([0-9a-f]{8})_[0-9a-z]+$/.exec(name);
  if (test !== null) {
    const [, hash = "", pid = "", host = "", instance = ""] = test;
    return { kind: "test", hash, pid: Number(pid), host, instance };
  }
  const kept = /^aludel_test_([0-9a-f]{8})_kept_[0-9a-z]+$/.exec(name);
  if (kept !== null) return { kind: "kept", hash: kept[1] ?? "" };
  const [found, project = "", hash = "", spare] =
    /^aludel_template_([0-9a-f]{8})_([0-9a-f]{8})(_spare_[0-9a-z]+)?$/.exec(name) ?? [];
  return found === undefined ? null : { kind: spare === undefined ? "template" : "spare", project, hash };
}

/** What is recorded with a database of this process. */
export function commentOf(config: string): string {
  const comment: TestComment = {
    start: thisOwner.start,
    config,
    host: thisOwner.host,
    madeAt: new Date().toISOString(),
  };
  return JSON.stringify(comment);
}

export function parseComment(text: unknown): TestComment {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The process of a test database. */
export function ownerOf(name: Extract<TestName, { kind: "test" }>, comment: TestComment): Owner {
  return { pid: name.pid, host: name.host, start: comment.start ?? null };
}

/** True when the process is on this machine and is no more. */
export function isLeftover(name: TestName, comment: TestComment, isHeld: boolean): boolean {
  return name.kind === "test" && !isHeld && isGone(ownerOf(name, comment));
}
