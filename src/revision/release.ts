/** A version of an application: what `app@1.42` says. */
export interface Release {
  readonly application: string;
  readonly version: string;
}

const pattern = /^(@?[\p{L}\d_][\p{L}\d_./-]*)@([^\s,@"'`]+)$/u;

/** Reads `app@1.42`; `null` for what names no version of an application. */
export function parseRelease(text: string): Release | null {
  const [, application, version] = pattern.exec(text.trim()) ?? [];
  return application === undefined || version === undefined ? null : { application, version };
}

export function showRelease({ application, version }: Release): string {
  return `${application}@${version}`;
}

/** The numbers of `1.42.0`, `v7`, `1.42.0+build5`; `null` for a version that has anything else in it, as `2.0-rc.1`. */
function numbersOf(version: string): readonly number[] | null {
  const [, numbers] = /^v?(\d+(?:\.\d+)*)(?:\+[\w.-]+)?$/.exec(version) ?? [];
  return numbers?.split(".").map(Number) ?? null;
}

/**
 * True of a version that is the wanted one, or above it. Only versions of numbers have an order: any other one is the
 * wanted one, letter by letter, or it is not.
 */
export function isAtLeast(version: string, wanted: string): boolean {
  if (version === wanted) return true;
  const [found, least] = [numbersOf(version), numbersOf(wanted)];
  if (found === null || least === null) return false;
  for (let at = 0; at < Math.max(found.length, least.length); at++) {
    const difference = (found[at] ?? 0) - (least[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
