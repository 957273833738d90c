import { relative } from "node:path";
import { AludelError } from "../../error/error.js";
import { draftSchema } from "../../schema/build.js";
import type { Contradiction } from "../../schema/contradiction.js";
import { nameKey, nameOf, type ObjectName, showName } from "../../schema/name.js";
import type {
  ColumnType,
  Enum,
  ObjectKind,
  Schema,
  SchemaDraft,
  Sequence,
  Table,
} from "../../schema/schema.js";
import type { Model, Models } from "./collect.js";
import { sequenceOptionsOf } from "./column.js";
import { enumOf, extensionOf } from "./column-type.js";
import { type Context, tableProperty } from "./context.js";
import type { Place } from "./finding.js";
import type { EnumModel, NamespaceModel, PolicyModel, SequenceModel, TableModel } from "./shape.js";
import { type ConfiguredTable, configureTable, readTable } from "./table.js";
import { readView } from "./view.js";

/**
 * Models → schema, not yet normalised. An enum that a column uses belongs to the schema even when it is not exported,
 * and so does the namespace of everything that has one; both would be missing from the database otherwise.
 *
 * @throws AludelError `models-unreadable`, `models-invalid`
 */
export function readModels(
  models: Models,
  root: string,
  context: Context,
  contradict: ((found: Contradiction) => void) | null,
): Schema {
  const draft = draftSchema(context.dialect.name);
  const register = new Register(root);
  const of = (...kinds: readonly Model["kind"][]) => models.list.filter(({ kind }) => kinds.includes(kind));

  for (const { value } of of("namespace")) addNamespace(draft, (value as NamespaceModel).schemaName);
  for (const model of of("enum")) addEnum(draft, model.value as EnumModel, model.file, register);
  for (const model of of("sequence")) addSequence(draft, model, register, context);
  addTables(draft, models, register, context);
  for (const model of of("view", "materialized-view")) {
    const view = readView(model, context);
    if (view && register.isNew("view", view, model.file, view)) draft.views.set(nameKey(view), view);
    if (view) addNamespace(draft, view.namespace);
  }
  context.findings.finish();
  if (contradict === null) register.finish();
  else for (const found of register.conflicts()) contradict(found);
  return draft;
}

function addTables(draft: SchemaDraft, models: Models, register: Register, context: Context): void {
  const tables = models.list
    .filter(({ kind }) => kind === "table")
    .flatMap((model) => {
      const table = configureTable(model.value as TableModel, model.file, context);
      return table === null ? [] : [{ ...table, model }];
    });
  const linked = linkedPolicies(models, tables, context);
  for (const { configuration, place, model } of tables) {
    const policies = linked.get(nameKey(nameOfTable(model.value))) ?? [];
    const table = readTable({ configuration, place }, policies, context);
    addNamespace(draft, table.namespace);
    for (const column of configuration.columns) {
      const ofEnum = enumOf(column, context.generation);
      if (ofEnum) addEnum(draft, ofEnum, model.file, register);
      const extension = extensionOf(column, context.generation);
      if (extension !== null) {
        draft.extensions.set(extension, { name: extension, namespace: null, version: null });
      }
    }
    if (register.isNew("table", table, model.file, withoutWishes(table)))
      draft.tables.set(nameKey(table), table);
  }
}

function nameOfTable(model: unknown): ObjectName {
  return { namespace: tableProperty(model, "Schema"), name: tableProperty(model, "Name") ?? "" };
}

/** `concurrently` is no property of an index, so that two copies that differ only in it are the same table. */
function withoutWishes(table: Table): unknown {
  return { ...table, indexes: table.indexes.map((index) => ({ ...index, concurrently: false })) };
}

/** Policies that stand by themselves, by the table they are linked to. */
function linkedPolicies(
  models: Models,
  tables: readonly ConfiguredTable[],
  context: Context,
): ReadonlyMap<string, readonly PolicyModel[]> {
  const own = new Set(tables.flatMap(({ configuration }) => configuration.policies ?? []));
  const known = new Set(
    tables.map(({ configuration: { schema, name } }) => nameKey({ namespace: schema ?? null, name })),
  );
  const linked = new Map<string, PolicyModel[]>();
  for (const { kind, value, file } of models.list) {
    const policy = value as PolicyModel;
    if (kind !== "policy" || own.has(policy)) continue;
    const place: Place = { file, object: `policy ${policy.name}` };
    const target = policy._linkedTable;
    if (target === undefined) {
      context.findings.add(
        place,
        "it belongs to no table: put it among a table's constraints, or use .link(table)",
      );
      continue;
    }
    const name = nameOfTable(target);
    if (!known.has(nameKey(name))) {
      context.findings.add(place, `its table ${showName(name)} is not exported from the models`);
      continue;
    }
    linked.set(nameKey(name), [...(linked.get(nameKey(name)) ?? []), policy]);
  }
  return linked;
}

function addNamespace(draft: SchemaDraft, name: string | null): void {
  if (name !== null && !draft.namespaces.has(name)) draft.namespaces.set(name, { name, comment: null });
}

function addEnum(draft: SchemaDraft, model: EnumModel, file: string, register: Register): void {
  const read: Enum = {
    namespace: model.schema ?? null,
    name: model.enumName,
    values: [...model.enumValues],
    comment: null,
  };
  addNamespace(draft, read.namespace);
  if (register.isNew("enum", read, file, read)) draft.enums.set(nameKey(read), read);
}

function addSequence(draft: SchemaDraft, model: Model, register: Register, context: Context): void {
  const { seqName, seqOptions, schema } = model.value as SequenceModel;
  const place: Place = { file: model.file, object: model.exportName };
  const type = context.findings.attempt(place, (): ColumnType => {
    if (seqName === undefined) throw new Error("the sequence has no name");
    return context.dialect.parseType("bigint");
  });
  if (type === null || seqName === undefined) return;
  const read: Sequence = {
    namespace: schema ?? null,
    name: seqName,
    type,
    options: sequenceOptionsOf(seqOptions),
    ownedBy: null,
    comment: null,
  };
  addNamespace(draft, read.namespace);
  if (register.isNew("sequence", read, model.file, read)) draft.sequences.set(nameKey(read), read);
}

/** Notices two different objects of one name. Copies of one object, as workspaces make them, are the same. */
class Register {
  readonly #root: string;
  readonly #known = new Map<string, { readonly file: string; readonly text: string }>();
  readonly #conflicts = new Map<string, Contradiction>();

  constructor(root: string) {
    this.#root = root;
  }

  isNew(kind: ObjectKind, name: ObjectName, file: string, content: unknown): boolean {
    const key = `${kind} ${nameKey(name)}`;
    const text = JSON.stringify(content);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { file, text });
      return true;
    }
    if (known.text !== text) {
      const files = [...new Set([known.file, file])].map((one) => relative(this.#root, one));
      const text = `${kind} ${showName(name)} is defined differently in ${files.join(" and ")}`;
      this.#conflicts.set(text, { object: nameOf(name), member: null, text });
    }
    return false;
  }

  conflicts(): Iterable<Contradiction> {
    return this.#conflicts.values();
  }

  finish(): void {
    if (this.#conflicts.size === 0) return;
    throw new AludelError("models-invalid", "The models define one name more than once", {
      remedy: "Rename one of them, or export only the one that is meant.",
      details: [...this.#conflicts.keys()],
    });
  }
}
