// What is refused before the server is asked, and what is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as validate from "../../src/validate";

const fine = (problem: string | undefined) => assert.equal(problem, undefined);
const refused = (problem: string | undefined, words: RegExp) => assert.match(problem ?? "", words);

test("names of apps are the contract's", () => {
  for (const name of ["a", "0", "shop", "Shop.v2_b-c", "x".repeat(63)]) fine(validate.appNameProblem(name));
  refused(validate.appNameProblem(""), /Give/);
  refused(validate.appNameProblem("x".repeat(64)), /63/);
  for (const name of ["-a", ".a", "_a", " a", "ä"]) refused(validate.appNameProblem(name), /begins/);
  for (const name of ["a b", "a/b", "aü", "a\n"]) refused(validate.appNameProblem(name), /only/);
});

test("a compose file has services and a bounded size", () => {
  fine(validate.composeProblem("services:\n  web:\n    image: nginx\n"));
  fine(validate.composeProblem("version: '3'\nservices: {web: {image: nginx}}"));
  fine(validate.composeProblem('{"services": {"web": {"image": "nginx"}}}'));
  fine(validate.composeProblem('{"version": "3", "services" : {}}'));
  refused(validate.composeProblem(" \n"), /Paste/);
  refused(validate.composeProblem("web:\n  image: nginx\n"), /services/);
  refused(validate.composeProblem("services:\n\0"), /text/);
  refused(validate.composeProblem(`services:\n${"#".repeat(1 << 20)}`), /at most 1 MiB/);
  // In bytes, not in characters.
  refused(validate.composeProblem(`services:\n#${"ü".repeat(600_000)}`), /at most 1 MiB/);
});

test("names of users are the contract's", () => {
  for (const name of ["a", "ann@example.org", "A.b-c_1", "x".repeat(64)]) fine(validate.usernameProblem(name));
  refused(validate.usernameProblem(""), /Give/);
  refused(validate.usernameProblem("x".repeat(65)), /64/);
  for (const name of ["a b", "ä", "a/b"]) refused(validate.usernameProblem(name), /only/);
});

test("a new password is neither short nor endless", () => {
  fine(validate.newPasswordProblem("12345678"));
  fine(validate.newPasswordProblem("x".repeat(1024)));
  refused(validate.newPasswordProblem("1234567"), /at least 8/);
  refused(validate.newPasswordProblem("x".repeat(1025)), /at most 1024/);
});

test("a label says something", () => {
  fine(validate.labelProblem("laptop"));
  refused(validate.labelProblem(" "), /what/);
  refused(validate.labelProblem("ü".repeat(51)), /100/);
  refused(validate.labelProblem("a\u0007b"), /control/);
});

test("a scale is a number from 0 to 1000", () => {
  for (const text of ["0", "3", " 12 ", "1000"]) fine(validate.scaleProblem(text));
  for (const text of ["", "-1", "1.5", "1001", "three", "1e2", "99999"])
    refused(validate.scaleProblem(text), /0 to 1000/);
});
