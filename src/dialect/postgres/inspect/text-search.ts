import { type DefinedSource, isHidden, led, listText, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { ownName, parserName, routineName, templateName } from "./sql-name.js";

/** Parsers, templates, dictionaries and configurations of text search. */
export const textSearchSources: Sources = (reading) => [
  parsers(reading),
  templates(reading),
  dictionaries(reading),
  configurations(reading),
];

function source(
  reading: Reading,
  what: { readonly catalog: string; readonly kind: string; readonly words: string; readonly prefix: string },
  parameters: readonly string[],
  settings?: string,
): DefinedSource {
  const { catalog, kind, words, prefix } = what;
  const [namespace, name] = [`ts.${prefix}namespace`, `ts.${prefix}name`];
  return {
    catalog,
    alias: "ts",
    kind: `'text-search-${kind}'`,
    namespace,
    name,
    definition: `'CREATE TEXT SEARCH ${words} ' || ${ownName(reading, namespace, name, isHidden(catalog, "ts.oid"))} || ${listText(parameters)}`,
    ...(settings === undefined ? {} : { settings }),
    from: `pg_catalog.${catalog} ts`,
    where: `${namespace} IN ${reading.list}`,
  };
}

function parsers(reading: Reading): DefinedSource {
  return source(reading, { catalog: "pg_ts_parser", kind: "parser", words: "PARSER", prefix: "prs" }, [
    led("START = ", routineName("ts.prsstart")),
    led("GETTOKEN = ", routineName("ts.prstoken")),
    led("END = ", routineName("ts.prsend")),
    led("HEADLINE = ", routineName("ts.prsheadline")),
    led("LEXTYPES = ", routineName("ts.prslextype")),
  ]);
}

function templates(reading: Reading): DefinedSource {
  return source(reading, { catalog: "pg_ts_template", kind: "template", words: "TEMPLATE", prefix: "tmpl" }, [
    led("INIT = ", routineName("ts.tmplinit")),
    led("LEXIZE = ", routineName("ts.tmpllexize")),
  ]);
}

/** Options are kept as the text that CREATE takes. */
function dictionaries(reading: Reading): DefinedSource {
  return source(reading, { catalog: "pg_ts_dict", kind: "dictionary", words: "DICTIONARY", prefix: "dict" }, [
    led("TEMPLATE = ", templateName("ts.dicttemplate")),
    "ts.dictinitoption",
  ]);
}

/** One statement for all kinds of tokens that have the same dictionaries. */
function configurations(reading: Reading): DefinedSource {
  const name = ownName(reading, "ts.cfgnamespace", "ts.cfgname", isHidden("pg_ts_config", "ts.oid"));
  return source(
    reading,
    { catalog: "pg_ts_config", kind: "configuration", words: "CONFIGURATION", prefix: "cfg" },
    [led("PARSER = ", parserName("ts.cfgparser"))],
    `ARRAY(SELECT 'ALTER TEXT SEARCH CONFIGURATION ' || ${name} || ' ADD MAPPING FOR '
      || string_agg(quote_ident(token.alias), ', ' ORDER BY token.tokid) || ' WITH ' || mapped.dictionaries
    FROM (SELECT m.maptokentype, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
      FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = ts.oid GROUP BY m.maptokentype) mapped
    JOIN ts_token_type(ts.cfgparser) token ON token.tokid = mapped.maptokentype
    GROUP BY mapped.dictionaries ORDER BY min(token.tokid))`,
  );
}
