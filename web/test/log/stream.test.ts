// Reconnecting: when, after how long, and when not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream, type StreamState } from "../../src/log/stream/stream";
import { browser } from "../../src/log/stream/surroundings";
import { World } from "./world";

function begin(kind: "app" | "process" = "app") {
  const world = new World();
  const states: StreamState[] = [];
  const told = { error: "", complete: false, signedOut: 0, opened: 0, isNew: true };
  const source =
    kind === "app" ? ({ kind: "deploy", app: "shop", deploy: "d1" } as const) : ({ kind: "process" } as const);
  const stream = new Stream(
    source,
    {
      path: () => "/",
      opened: () => void told.opened++,
      message: () => told.isNew,
      error: () => told.error,
      complete: () => told.complete,
      changed: (state) => void states.push(state),
      signedOut: () => void told.signedOut++,
    },
    world,
  );
  stream.start();
  return { world, stream, states, told };
}

const settled = () => new Promise((turn) => setImmediate(turn));

/** Opens and loses a connection, and says how long the wait is. */
function lose(world: World, stream: Stream, { message = false, code = 1006 } = {}): number {
  world.last.onopen!();
  if (message) world.last.onmessage!({ data: "{}" });
  world.last.onclose!({ code, reason: "" });
  const { state } = stream;
  assert.equal(state.kind, "waiting");
  const wait = (state as StreamState & { kind: "waiting" }).until - world.time;
  world.pass(wait);
  assert.equal(stream.state.kind, "connecting");
  return wait;
}

test("the wait doubles from one second to thirty where connections bring nothing", () => {
  const { world, stream } = begin();
  const waits = Array.from({ length: 7 }, () => lose(world, stream));
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test("a message makes the next wait short again", () => {
  const { world, stream } = begin();
  assert.equal(lose(world, stream), 1000);
  assert.equal(lose(world, stream), 2000);
  assert.equal(lose(world, stream, { message: true }), 1000);
});

test("a connection that lived makes the next wait short again", () => {
  const { world, stream } = begin();
  lose(world, stream);
  lose(world, stream);
  world.last.onopen!();
  world.pass(10_000);
  world.last.onclose!({ code: 1001, reason: "server is shutting down" });
  const { state } = stream;
  assert.equal((state as StreamState & { kind: "waiting" }).until - world.time, 1000);
});

test("an error that comes at once does not make the wait short", () => {
  const { world, stream, told } = begin();
  told.error = "docker engine unavailable";
  const waits = [1, 2, 3].map(() => lose(world, stream, { message: true, code: 1011 }));
  assert.deepEqual(waits, [1000, 2000, 4000]);
});

test("what only repeats itself before it fails is tried less and less often", () => {
  const { world, stream, told } = begin();
  told.isNew = false;
  const waits = [1, 2, 3].map(() => lose(world, stream, { message: true, code: 1011 }));
  assert.deepEqual(waits, [1000, 2000, 4000]);
});

test("1000 ends it", () => {
  const { world, stream } = begin();
  world.last.onopen!();
  world.last.onclose!({ code: 1000, reason: "container exited" });
  assert.deepEqual(stream.state, {
    kind: "ended",
    code: 1000,
    reason: "container exited",
    sentence: "The container has exited.",
    bad: false,
  });
  world.pass(100_000);
  assert.equal(world.sockets.length, 1);
});

test("1008 ends it, and says whether the session is over", async () => {
  const { world, stream, told } = begin();
  world.last.onopen!();
  world.me.status = 401;
  world.last.onclose!({ code: 1008, reason: "access ended" });
  await settled();
  assert.equal(stream.state.kind, "ended");
  assert.equal(told.signedOut, 1);
});

test("a grant that was taken back is no logout", async () => {
  const { world, stream, told } = begin();
  world.last.onopen!();
  world.last.onclose!({ code: 1008, reason: "access ended" });
  await settled();
  assert.equal(stream.state.kind, "ended");
  assert.equal(told.signedOut, 0);
});

test("a refused handshake with a session that is over ends it as signed out", async () => {
  const { world, stream, told } = begin();
  world.me.status = 401;
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.equal(stream.state.kind, "ended");
  assert.equal(told.signedOut, 1);
});

test("an app that is not there ends it", async () => {
  const { world, stream } = begin();
  world.app.status = 404;
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.match((stream.state as { sentence: string }).sentence, /no such app/);
});

test("the process log is not for everybody", async () => {
  const { world, stream } = begin("process");
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.match((stream.state as { sentence: string }).sentence, /administrators/);
});

test("a server that does not answer is tried again", async () => {
  const { world, stream } = begin();
  world.down = true;
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.equal(stream.state.kind, "waiting");
  assert.match((stream.state as { sentence: string }).sentence, /cannot be reached/);
  world.pass(1000);
  assert.equal(world.sockets.length, 2);
});

test("a handshake that hangs is given up", () => {
  const { world, stream } = begin();
  world.pass(20_000);
  assert.equal(stream.state.kind, "waiting");
});

test("a wait can be cut short", () => {
  const { world, stream } = begin();
  world.last.onopen!();
  world.last.onclose!({ code: 1006, reason: "" });
  stream.reconnect();
  assert.equal(world.sockets.length, 2);
  world.pass(60_000);
  assert.equal(stream.state.kind, "waiting"); // the second handshake hung; no third began
  assert.equal(world.sockets.length, 2);
});

test("frames that say they are all end it, even where the close frame is lost", () => {
  const { world, stream, told } = begin();
  world.last.onopen!();
  told.complete = true;
  world.last.onclose!({ code: 1006, reason: "" });
  assert.equal(stream.state.kind, "ended");
});

test("a view that is closed stays closed, also when a question was still open", async () => {
  const { world, stream, states } = begin();
  world.down = true;
  world.last.onclose!({ code: 1006, reason: "" });
  stream.close();
  const before = states.length;
  await settled();
  world.pass(60_000);
  assert.equal(states.length, before);
  assert.equal(world.sockets.length, 1);
});

test("on another network the connection is made anew", () => {
  const { world, stream } = begin();
  world.last.onopen!();
  stream.networkChanged();
  assert.equal(world.sockets.length, 2);
  assert.equal(world.sockets[0]!.onmessage, null);
});

test("a question that nobody answers is given up", async () => {
  const { world, stream } = begin();
  world.hangs = true;
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  world.pass(15_000);
  await settled();
  assert.equal(stream.state.kind, "waiting");
});

test("who has connected again meanwhile is not told of an end before that", async () => {
  const { world, stream, told } = begin();
  world.me.status = 401;
  world.hangs = true;
  const end = () => {
    world.last.onopen!();
    world.last.onclose!({ code: 1008, reason: "access ended" });
  };
  end();
  const answer = world.answer;
  stream.reconnect();
  end();
  answer();
  await settled();
  assert.equal(told.signedOut, 0);
  world.answer();
  await settled();
  assert.equal(told.signedOut, 1);
});

test("while it is live the server hears from it every half minute", () => {
  const { world, stream } = begin();
  world.last.onopen!();
  for (let i = 0; i < 4; i++) world.pass(15_000);
  assert.deepEqual(world.sent, ["", ""]);
  world.last.onclose!({ code: 1006, reason: "" });
  assert.equal(stream.state.kind, "waiting");
  assert.equal(world.timers.length, 1); // the one of the wait
});

test("after a sleep the connection is made anew, but a timer that waits in the background is none", () => {
  const { world, stream } = begin();
  world.last.onopen!();
  world.pass(90_000);
  assert.equal(stream.state.kind, "live");
  world.pass(8 * 3600_000);
  assert.equal(stream.state.kind, "connecting");
  assert.equal(world.sockets.length, 2);
});

test("a question over REST can be given up", async () => {
  const abort = new AbortController();
  let given: unknown;
  globalThis.fetch = async (_, init) => {
    given = init?.signal;
    return new Response('{"role":"viewer"}');
  };
  assert.deepEqual(await browser.ask("/api/me", abort.signal), { status: 200, role: "viewer" });
  assert.equal(given, abort.signal);
});
