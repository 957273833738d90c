import type { Wave } from "../../config/fleet-config.js";

/**
 * Divides a fleet into waves, each of at least one; the last one has all that is left. A wave says how far it goes, counted from
 * the beginning: `[1, "10%", "100%"]` of 50 are 1, 4 and 45.
 */
export function dividedIntoWaves<T>(
  members: readonly T[],
  waves: readonly Wave[],
): readonly (readonly T[])[] {
  const divided: (readonly T[])[] = [];
  let begun = 0;
  for (const [position, wave] of waves.entries()) {
    if (begun >= members.length) break;
    const asked = "count" in wave ? wave.count : Math.ceil((members.length * wave.percent) / 100);
    const isLast = position === waves.length - 1;
    const end = isLast ? members.length : Math.min(members.length, Math.max(begun + 1, asked));
    divided.push(members.slice(begun, end));
    begun = end;
  }
  return divided;
}
