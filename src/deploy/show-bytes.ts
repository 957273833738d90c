const units = ["B", "kB", "MB", "GB", "TB"];

/** `512 B`, `1.4 GB`. */
export function showBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
