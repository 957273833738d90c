import type { ColumnType } from "../../../schema/schema.js";
import { constantsOf, satisfyingQuery } from "../../condition.js";
import type { Connection } from "../../connection.js";
import { quoteIdentifier, quoteString } from "../quote.js";
import { formatType, parseType, underlyingType } from "../types.js";
import { type MadeType, madeTypes, typeKey } from "./catalog-types.js";
import {
  arrayOfConstant,
  arrayValues,
  enumValues,
  knownValues,
  rangeValues,
  recordValues,
  type TextValues,
} from "./text-values.js";

/** What a column of a type can be given, as text that the type reads. */
export interface Resolved {
  readonly values: TextValues;
  readonly refusesNull: boolean;
  /** A constant as the type reads it: of an array, as its one member. */
  readonly constant: (text: string) => string;
}

/** Finds the values of types, asking the database where the type's name does not say it. Answers are kept. */
export class TypeResolver {
  readonly #connection: Connection;
  readonly #known = new Map<string, Promise<Resolved | null>>();
  #made: ReadonlyMap<string, MadeType> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async resolve(type: ColumnType): Promise<Resolved | null> {
    const key = formatType(type);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#find(underlyingType(type));
    this.#known.set(key, found);
    return found;
  }

  async #find(type: ColumnType): Promise<Resolved | null> {
    if (type.dimensions > 0) {
      const member = await this.resolve({ ...type, dimensions: 0 });
      if (member === null) return null;
      return {
        values: arrayValues(member.values, type.dimensions),
        refusesNull: false,
        constant: (text) => arrayOfConstant(text, type.dimensions),
      };
    }
    this.#made ??= await madeTypes(this.#connection);
    const made = this.#made.get(typeKey(type.namespace, type.name));
    if (made !== undefined) return this.#ofMade(made);
    const values = knownValues(type.name, type.modifiers) ?? (await this.#tried(type));
    return values === null ? null : plain(values);
  }

  async #ofMade(made: MadeType): Promise<Resolved | null> {
    switch (made.kind) {
      case "enum":
        return made.values.length === 0 ? null : plain(enumValues(made.values));
      case "composite": {
        const attributes = await Promise.all(
          made.attributes.map((attribute) => this.resolve(parseType(attribute))),
        );
        const known = attributes.flatMap((one) => (one === null ? [] : [one.values]));
        return known.length < attributes.length ? null : plain(recordValues(known));
      }
      case "domain":
        return this.#ofDomain(made);
      default: {
        const bound = await this.resolve(parseType(made.base));
        return bound === null ? null : plain(rangeValues(bound.values, made.kind === "multirange"));
      }
    }
  }

  /** The values of the base type that the domain's conditions allow. */
  async #ofDomain(made: Extract<MadeType, { kind: "domain" }>): Promise<Resolved | null> {
    const base = await this.resolve(parseType(made.base));
    if (base === null) return null;
    const refusesNull = made.notNull || base.refusesNull;
    if (made.conditions.length === 0) return { ...base, refusesNull };
    const { values } = base;
    const constants = made.conditions.map(constantsOf);
    const suggested = constants.flatMap((one) => [
      ...one.texts.filter(values.accepts).map(base.constant),
      ...one.lengths.flatMap((length) => values.ofLength?.(length) ?? []),
    ]);
    const ordinary = Array.from({ length: 8 }, (_, n) => values.ordinary(n));
    const all = [...new Set([...suggested, ...ordinary, ...values.pool, ...values.odd])];
    const allowed = await this.#allowed(made, all);
    const [first] = allowed;
    if (first === undefined) return null;
    const odd = allowed.filter((text) => values.odd.includes(text));
    return {
      values: {
        ordinary: (n) => allowed[n % allowed.length] ?? first,
        odd,
        pool: allowed,
        accepts: (text) => allowed.includes(text),
      },
      refusesNull,
      constant: base.constant,
    };
  }

  async #allowed(made: Extract<MadeType, { kind: "domain" }>, texts: readonly string[]) {
    const columns = [{ name: "value", cast: made.base }];
    const literals = texts.map((text) => [quoteString(text)]);
    const sql = satisfyingQuery(quoteIdentifier, "candidates", columns, literals, made.conditions);
    try {
      const rows = await this.#connection.query(sql);
      return rows.flatMap(({ place }) => texts[Number(place)] ?? []);
    } catch {
      // A condition that fails on some value (a cast, a division): one by one they say which.
      const allowed: string[] = [];
      for (const text of texts) if (await this.#isRead(text, made.base, made.conditions)) allowed.push(text);
      return allowed;
    }
  }

  async #isRead(text: string, type: string, conditions: readonly string[]): Promise<boolean> {
    const columns = [{ name: "value", cast: type }];
    const literals = [[quoteString(text)]];
    const sql = satisfyingQuery(quoteIdentifier, "candidates", columns, literals, [...conditions, "true"]);
    return this.#connection.query(sql).then(
      (rows) => rows.length > 0,
      () => false,
    );
  }

  /** A type that nobody here knows: some text that it reads. */
  async #tried(type: ColumnType): Promise<TextValues | null> {
    const read: string[] = [];
    for (const text of ["1", "a", "(0,0)", "[1,2]", "{}", "", "2026-01-01"]) {
      if (await this.#isRead(text, formatType(type), [])) read.push(text);
    }
    const [first] = read;
    if (first === undefined) return null;
    return {
      ordinary: (n) => read[n % read.length] ?? first,
      odd: [],
      pool: read,
      accepts: (text) => read.includes(text),
    };
  }
}

function plain(values: TextValues): Resolved {
  return { values, refusesNull: false, constant: (text) => text };
}
