import type { Choices } from "./choices.js";
import type { Item } from "./item.js";

/** Names that are the engine's own. */
const fixed: ReadonlySet<string> = new Set(['"C"', '"POSIX"', '"default"', '"ucs_basic"']);

/** Too long for another word. */
const longest = 50;

/** The same schema with other names for some of what has its name in quotes, wherever that stands. */
export function withOtherNames(items: readonly Item[], choices: Choices): readonly Item[] {
  const other = (name: string) => {
    const changes = !fixed.has(name) && name.length < longest && choices.chance(`name ${name}`, 0.15);
    return changes ? `${name.slice(0, -1)} once"` : name;
  };
  return items.map((item) => ({ ...item, sql: item.sql.replace(/"(?:[^"]|"")+"/g, other) }));
}
