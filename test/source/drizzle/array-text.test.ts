import { expect, test } from "vitest";
import { arrayText } from "../../../src/source/drizzle/array-text.js";

test("an array's text form quotes every text", () => {
  expect(arrayText([])).toBe("{}");
  expect(arrayText(["a,b", 'q"x', "it's", "back\\slash", "NULL", ""])).toBe(
    '{"a,b","q\\"x","it\'s","back\\\\slash","NULL",""}',
  );
  expect(arrayText([1, 2n, true, null])).toBe("{1,2,true,NULL}");
  expect(
    arrayText([
      ["a", "b"],
      ["c", "d"],
    ]),
  ).toBe('{{"a","b"},{"c","d"}}');
  expect(arrayText([{ a: "x" }])).toBe('{"{\\"a\\":\\"x\\"}"}');
  expect(arrayText([new Date(0)])).toBe('{"1970-01-01T00:00:00.000Z"}');
  expect(arrayText([new Uint8Array([1, 255])])).toBe('{"\\\\x01ff"}');
});

test("an element without a text form is refused", () => {
  expect(() => arrayText([undefined])).toThrow("an array's element is of type undefined");
});
