import { expect, test } from "vitest";
import { fileNameOf, slugOf } from "../../src/revision/file-name.js";
import { newId } from "../../src/revision/new-id.js";

const createdAt = new Date("2026-11-21T05:30:09Z");

test("the template says what the name is", () => {
  const parts = { id: "4f2a91c04b7d", message: "Add e-mail to Persons!", createdAt };
  expect(fileNameOf("{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}", parts)).toBe("20261121053009_add_e_mail_to_persons");
  expect(fileNameOf("{id}-{slug}{other}{constructor}", parts)).toBe(
    "4f2a91c04b7d-add_e_mail_to_persons{other}{constructor}",
  );
});

test("slugs are short, plain and never empty", () => {
  expect(slugOf("Größe naïve ü")).toBe("grosse_naive_u");
  expect(slugOf("../../etc/passwd")).toBe("etc_passwd");
  expect(slugOf("日本語")).toBe("revision");
  expect(slugOf("add a column with a rather long description to persons")).toBe(
    "add_a_column_with_a_rather_long",
  );
  expect(slugOf("x".repeat(99))).toHaveLength(40);
});

test("ids are twelve hex digits by chance", () => {
  const ids = new Set(Array.from({ length: 100 }, newId));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}$/);
});
