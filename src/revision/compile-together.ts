import { Script } from "node:vm";

/**
 * Which of these scripts the engine takes. They are compiled, not run, and all as one: to begin a script costs the engine
 * more than to read it. Where one of many is refused, each half is asked for itself.
 *
 * Each is a block of the whole. It has to be whole in itself, so that a bracket, a quote or a comment that it leaves open
 * cannot be closed by the next one.
 */
export function compileTogether(scripts: readonly string[]): readonly boolean[] {
  if (scripts.length === 0) return [];
  if (compiles(scripts.map((script) => `{${script}\n}`).join(""))) return scripts.map(() => true);
  if (scripts.length === 1) return [false];
  const half = scripts.length >> 1;
  return [...compileTogether(scripts.slice(0, half)), ...compileTogether(scripts.slice(half))];
}

/** True when the engine takes the text as a script. Compiling runs none of it. */
export function compiles(script: string): boolean {
  try {
    new Script(`"use strict";${script}`);
    return true;
  } catch {
    return false;
  }
}
