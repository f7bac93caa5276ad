// Requests: how long they are waited for, and whom a refusal concerns.
import { newest, requests } from "../server";
import { pass, waiting } from "../clock";
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, fetchFile, whenForbidden, whenUnauthorized } from "../../src/api/client";
import { ApiError, Unreachable } from "../../src/api/errors";

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((done) => setImmediate(done));
};
/** A body that comes in pieces, as the test has it. */
function slowBody(signal: AbortSignal | undefined) {
  let control!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({ start: (given) => void (control = given) });
  signal?.addEventListener("abort", () => control.error(new DOMException("aborted", "AbortError")));
  return { stream, send: (text: string) => control.enqueue(new TextEncoder().encode(text)), end: () => control.close() };
}

test("an answer is waited for half a minute", async () => {
  const waited = assert.rejects(call("GET", "/api/never"), Unreachable);
  pass(29_999);
  assert.equal(newest("/api/never").signal!.aborted, false);
  pass(1);
  await waited;
});

test("an answer that begins and goes no further is none", async () => {
  const waited = assert.rejects(call("GET", "/api/stuck"), Unreachable);
  const body = slowBody(newest("/api/stuck").signal);
  newest("/api/stuck").answer(200, new Response(body.stream));
  await turns();
  body.send('{"a":');
  pass(30_000);
  await waited;
});

test("who takes a request back is told that, and not that the server is away", async () => {
  const abort = new AbortController();
  const waited = assert.rejects(call("GET", "/api/mine", undefined, abort.signal), { name: "AbortError" });
  abort.abort();
  await waited;
});

test("a request that was taken back before it began does not begin", async () => {
  const abort = new AbortController();
  abort.abort();
  const waited = call("GET", "/api/late", undefined, abort.signal).catch(() => {});
  assert.equal(newest("/api/late").signal!.aborted, true);
  newest("/api/late").fail(new DOMException("aborted", "AbortError"));
  await waited;
});

test("an answer leaves no timer", async () => {
  const before = waiting();
  const value = call("GET", "/api/quick");
  newest("/api/quick").answer(200, { fine: true });
  assert.deepEqual(await value, { fine: true });
  assert.equal(waiting(), before);
});

test("a file may take its time as long as some of it comes", async () => {
  const file = fetchFile("/api/file");
  const body = slowBody(newest("/api/file").signal);
  newest("/api/file").answer(200, new Response(body.stream));
  for (const piece of ["one ", "two ", "three"]) {
    await turns();
    pass(29_000);
    body.send(piece);
  }
  await turns();
  body.end();
  assert.equal(await (await file).text(), "one two three");
});

test("a file that is refused is none", async () => {
  const file = fetchFile("/api/no-file");
  newest("/api/no-file").answer(404, { error: "no such deploy" });
  await assert.rejects(file, (error) => error instanceof ApiError && error.message === "no such deploy");
});

test("a 401 ends the session that the request was of; a wrong password ends none", async () => {
  let session = 1;
  const ended: number[] = [];
  whenUnauthorized(() => {
    const asked = session;
    return () => ended.push(asked);
  });
  const refuse = async (path: string) => {
    const answer = assert.rejects(call("POST", path), ApiError);
    session++;
    newest(path).answer(401, { error: "no" });
    await answer;
  };
  await refuse("/api/auth/login");
  assert.deepEqual(ended, []);
  await refuse("/api/apps");
  assert.deepEqual(ended, [2]);
});

test("a 403 is told to who knows the role", async () => {
  let told = 0;
  whenForbidden(() => told++);
  const answer = assert.rejects(call("POST", "/api/apps/shop/stop"), ApiError);
  newest("/api/apps/shop/stop").answer(403, { error: "your role does not allow this" });
  await answer;
  assert.equal(told, 1);
  assert.equal(requests.at(-1)!.method, "POST");
});
