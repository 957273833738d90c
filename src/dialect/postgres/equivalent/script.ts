import { dollarQuote } from "../compile/own-sequence.js";
import { quoteString } from "../quote.js";

/** What the script is given: groups of stand-ins with the probes that need them. */
export interface ScriptInput {
  readonly groups: readonly {
    readonly standIns: readonly { readonly create: string; readonly unless: string | null }[];
    readonly probes: readonly ScriptProbe[];
  }[];
}

export interface ScriptProbe {
  /** Comes back with the answer. */
  readonly id: number;
  readonly texts: readonly string[];
  readonly create: string;
  readonly read: string;
  readonly undo: string;
  readonly evaluate: string | null;
}

/** What it answers for a probe: the texts at their fixed point, or the error. */
export interface Answer {
  readonly id: number;
  readonly texts?: readonly string[] | null;
  /** Value of a default that is a constant; `null` is NULL. */
  readonly value?: { readonly text: string | null } | null;
  readonly error?: string;
}

/** The setting that holds the answers until the transaction ends. */
export const answersSetting = "aludel.answers";

/** Texts that go on changing when they are fed in again are given up after so many times. */
const rounds = 5;

/**
 * One DO block for everything. Each group runs in a block that ends with an exception, which undoes all it made and
 * gives back its locks; what was found out stays in a variable. A text that the engine refuses undoes only itself.
 */
export function equivalenceScript(input: ScriptInput): string {
  const body = `
DECLARE
  input jsonb := ${quoteString(JSON.stringify(input))};
  answers text[] := '{}';
  one_group jsonb;
  item jsonb;
  failure text;
  needless boolean;
  texts text[];
  found text[];
  constant_value text;
  answer jsonb;
BEGIN
  FOR one_group IN SELECT value FROM jsonb_array_elements(input -> 'groups') LOOP
    BEGIN
      failure := NULL;
      FOR item IN SELECT value FROM jsonb_array_elements(one_group -> 'standIns') LOOP
        BEGIN
          needless := false;
          IF item ->> 'unless' IS NOT NULL THEN
            EXECUTE 'SELECT ' || (item ->> 'unless') INTO needless;
          END IF;
          IF NOT needless THEN
            EXECUTE item ->> 'create';
          END IF;
        EXCEPTION WHEN OTHERS THEN
          failure := coalesce(failure, SQLERRM);
        END;
      END LOOP;
      FOR item IN SELECT value FROM jsonb_array_elements(one_group -> 'probes') LOOP
        BEGIN
          texts := ARRAY(SELECT jsonb_array_elements_text(item -> 'texts'));
          FOR round IN 1..${rounds} LOOP
            EXECUTE format(item ->> 'create', VARIADIC texts);
            EXECUTE item ->> 'read' INTO found;
            -- The engine keeps no default that is only NULL.
            found := coalesce(found, ARRAY['NULL']);
            EXIT WHEN found = texts;
            texts := found;
            IF round < ${rounds} THEN
              EXECUTE item ->> 'undo';
            END IF;
          END LOOP;
          answer := jsonb_build_object('id', item -> 'id', 'texts', to_jsonb(found));
          IF item ->> 'evaluate' IS NOT NULL AND ${isConstant("found[1]")} THEN
            BEGIN
              EXECUTE item ->> 'evaluate' INTO constant_value;
              RAISE EXCEPTION 'undo' USING ERRCODE = 'ALUDE'; -- The row must not be there for the next probe.
            EXCEPTION WHEN SQLSTATE 'ALUDE' THEN
              answer := answer || jsonb_build_object('value', jsonb_build_object('text', constant_value));
            WHEN OTHERS THEN
              NULL; -- The texts alone decide.
            END;
          END IF;
          EXECUTE item ->> 'undo';
          answers := array_append(answers, answer::text);
        EXCEPTION WHEN OTHERS THEN
          answers := array_append(answers,
            jsonb_build_object('id', item -> 'id', 'error', coalesce(failure, SQLERRM))::text);
        END;
      END LOOP;
      RAISE EXCEPTION 'undo' USING ERRCODE = 'ALUDE';
    EXCEPTION WHEN SQLSTATE 'ALUDE' THEN
      NULL;
    END;
  END LOOP;
  PERFORM set_config(${quoteString(answersSetting)}, '[' || array_to_string(answers, ',') || ']', true);
END
`;
  return `DO ${dollarQuote(body)}`;
}

/**
 * Runs statements, each as far as it can be: what refers to a table that is not there is missed only by expressions that
 * need it, and they say so. Bodies of functions are not looked at.
 */
export function supportScript(statements: readonly string[]): string {
  const body = `
DECLARE
  one text;
BEGIN
  PERFORM set_config('check_function_bodies', 'off', true);
  FOREACH one IN ARRAY ARRAY[${statements.map(quoteString).join(",\n")}]::text[] LOOP
    BEGIN
      EXECUTE one;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
END
`;
  return `DO ${dollarQuote(body)}`;
}

/** SQL: the text is made of constants and casts of them alone, so that its value is all that it means. */
function isConstant(text: string): string {
  const strings = quoteString("'([^']|'')*'");
  const word = '("[^"]*"|[a-z_][a-z0-9_ ]*)';
  const casts = quoteString(String.raw`::\s*${word}(\.${word})?(\([0-9, ]+\))?(\[\])*`);
  const rest = quoteString(String.raw`^([0-9.,()\s+-]|\[|\]|ARRAY|true|false|NULL)*$`);
  return `regexp_replace(regexp_replace(${text}, ${strings}, '', 'g'), ${casts}, '', 'g') ~ ${rest}`;
}
