/** Which of two lists belong together. */
export interface Matches<T> {
  /** Nothing to be done but perhaps a comment. */
  readonly same: readonly (readonly [from: T, to: T])[];
  /** The same under two names that were chosen. */
  readonly renamed: readonly (readonly [from: T, to: T])[];
  readonly removed: readonly T[];
  readonly added: readonly T[];
}

/** How parts of a table are recognised. */
export interface Recognition<T extends { readonly name: string | null }> {
  /** The same but for the name; `named` is true when both have the same name. */
  same(from: T, to: T, named: boolean): boolean;
  /** Nobody chose the name: a wanted part may have any, and one that is there keeps what it has. */
  nameless(part: T): boolean;
  /** The part cannot stay, because a column of it goes. */
  mustGo(part: T): boolean;
  /** The name is free to be given to another part. */
  free(name: string): boolean;
  /** What of the parent the part is, by which it is known whatever it is called; `null` for one of the table's own. */
  attached?(part: T): string | null;
}

/**
 * Matches the parts of a table: first those of one name, then those that are the same where a name was not chosen
 * by anybody, then those that are the same under two names. A part whose name stays but which is another one is
 * both removed and added.
 */
export function matchParts<T extends { readonly name: string | null }>(
  from: readonly T[],
  to: readonly T[],
  recognition: Recognition<T>,
): Matches<T> {
  const same: [T, T][] = [];
  let added: T[] = [];
  const left = new Set(from);
  const renamed: [T, T][] = [];
  const rest =
    recognition.attached === undefined ? to : matchAttached(left, to, recognition, { same, renamed });
  const named = new Map(from.map((part) => [part.name, part]));
  for (const part of rest) {
    const old = part.name === null ? undefined : named.get(part.name);
    if (old !== undefined && left.has(old) && !recognition.mustGo(old) && recognition.same(old, part, true)) {
      same.push([old, part]);
      left.delete(old);
    } else added.push(part);
  }
  const pair = (pairs: [T, T][], fits: (old: T, part: T) => boolean) => {
    added = added.filter((part) => {
      for (const old of left) {
        if (recognition.mustGo(old) || !fits(old, part) || !recognition.same(old, part, false)) continue;
        pairs.push([old, part]);
        left.delete(old);
        return false;
      }
      return true;
    });
  };
  if (left.size > 0 && added.length > 0) {
    const chosen = (parts: Iterable<T>) =>
      new Set([...parts].filter((part) => !recognition.nameless(part)).map(({ name }) => name));
    const [wanted, given] = [chosen(added), chosen(left)];
    // A name that both sides give to something goes from the one to the other, and is on neither of these.
    pair(same, (old, part) =>
      recognition.nameless(part)
        ? recognition.nameless(old) || !wanted.has(old.name)
        : old.name === null && !given.has(part.name),
    );
    pair(renamed, (_old, part) => part.name !== null && recognition.free(part.name));
  }
  return { same, renamed, removed: [...left], added };
}

/** Matches what partitions have of their parents, whose names may have been exchanged; gives those that are left. */
function matchAttached<T extends { readonly name: string | null }>(
  left: Set<T>,
  to: readonly T[],
  recognition: Recognition<T>,
  { same, renamed }: { readonly same: [T, T][]; readonly renamed: [T, T][] },
): readonly T[] {
  const attached = new Map<string, T>();
  for (const part of left) {
    const key = recognition.attached?.(part) ?? null;
    if (key !== null) attached.set(key, part);
  }
  return to.filter((part) => {
    const old = attached.get(recognition.attached?.(part) ?? "");
    if (old === undefined || recognition.mustGo(old)) return true;
    const isNamed = old.name === part.name;
    if (!recognition.same(old, part, isNamed)) return true;
    const keepsName = isNamed || old.name === null || recognition.nameless(part);
    (keepsName ? same : renamed).push([old, part]);
    left.delete(old);
    return false;
  });
}
