/**
 * The place of an object, or of a part of one, as a string that can be a key. `default` is a column's default or
 * generation expression, which depends on more than its column; `column` is the column with its type.
 */
export type Address = string & { readonly __address: true };

/** Each address with the addresses of what must be there before it. */
export type Dependencies = ReadonlyMap<Address, ReadonlySet<Address>>;
