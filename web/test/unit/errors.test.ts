// Refusals and failures, in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, apiError, asSentence, loginSentence, sentenceOf, Unreachable } from "../../src/api/errors";

test("the server's words are shown as a sentence", () => {
  const error = apiError(409, '{"error": "a deploy of this app is under way"}', null);
  assert.equal(error.status, 409);
  assert.equal(sentenceOf(error), "A deploy of this app is under way.");
});

test("a sentence that has its end keeps it", () => {
  assert.equal(asSentence("What now?"), "What now?");
  assert.equal(asSentence("  done. "), "Done.");
  assert.equal(asSentence(""), "Something went wrong.");
});

test("an answer of something in between is told by its number", () => {
  for (const body of ["<h1>Bad gateway</h1>", "", "null", '{"error": 7}', '{"error": ""}', "[]"])
    assert.equal(sentenceOf(apiError(502, body, null)), "The server answered 502.");
});

test("Retry-After is taken where it is a number of seconds", () => {
  assert.equal(apiError(429, "", "12").retryAfter, 12);
  for (const other of [null, "", "0", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
    assert.equal(apiError(429, "", other).retryAfter, undefined);
});

test("no answer is no fault of the page", () => {
  assert.equal(sentenceOf(new Unreachable()), "The server cannot be reached, try again.");
});

test("what else is thrown is not shown", () => {
  assert.match(sentenceOf(new TypeError("x is undefined")), /^Something went wrong in this page/);
});

test("a wrong password is said without telling which of the two was wrong", () => {
  const error = new ApiError(401, "credentials missing or not valid");
  assert.equal(loginSentence(error), "This user name and password do not match.");
});

test("too many logins: how long to wait is said once", () => {
  const told = new ApiError(429, "too many logins from this address, try again in 12 seconds", 12);
  assert.equal(loginSentence(told), "Too many logins from this address, try again in 12 seconds.");
  const silent = new ApiError(429, "too many logins", 1);
  assert.equal(loginSentence(silent), "Too many logins. Try again in 1 second.");
  const long = new ApiError(429, "locked out", 600);
  assert.equal(loginSentence(long), "Locked out. Try again in 10 minutes.");
});
