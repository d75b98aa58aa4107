import test from "ava";
import { columns } from "./columns.ts";

test("Columns: each is as wide as its widest cell, and no line ends in blanks", (t) => {
  t.is(
    columns([
      ["a", "one"],
      ["long", "2", "x"],
      ["b", ""],
    ]),
    "a     one\nlong  2    x\nb\n",
  );
});

test("Columns: no rows make an empty string", (t) => {
  t.is(columns([]), "");
});
