// A log as it comes in, through connections that fail.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogSession } from "../../src/log/model/session";
import type { LogSource } from "../../src/log/source";
import { Store } from "../../src/log/store/store";
import { World } from "./world";

const settled = () => new Promise((turn) => setImmediate(turn));

function begin(source: LogSource, store = new Store()) {
  const world = new World();
  let ended = 0;
  const session = new LogSession(
    source,
    undefined,
    { changed() {}, ended: () => void ended++, signedOut() {} },
    world,
    store,
  );
  session.start();
  const send = (...frames: unknown[]) => {
    for (const frame of frames) world.last.onmessage!({ data: JSON.stringify(frame) });
  };
  const rows = () => {
    const all: string[] = [];
    for (let i = store.first; i < store.end; i++) {
      const { kind, text } = store.at(i)!;
      all.push(kind === "line" ? text : `(${kind}) ${text}`);
    }
    return all;
  };
  const wait = () => {
    const { state } = session;
    assert.equal(state.kind, "waiting");
    return state.kind === "waiting" ? state.until - world.time : 0;
  };
  return { world, session, send, rows, wait, ended: () => ended };
}

const container = { kind: "container", app: "shop", service: "web" } as const;
const deploy = { kind: "deploy", app: "shop", deploy: "d1" } as const;
const step = (second: number, output: string) => ({
  timestamp: `2026-04-17T10:14:0${second}.118Z`,
  action: "pull",
  output,
  done: false,
});
const over = { timestamp: "2026-04-17T10:14:09.118Z", action: "up", done: true, status: "success" };

test("an error is told once, and not again for a connection that was never opened", async () => {
  const { world, send, rows } = begin(container);
  world.last.onopen!();
  send({ error: "docker engine unavailable" });
  world.last.onclose!({ code: 1011, reason: "docker engine unavailable" });
  world.pass(1000);
  world.down = true;
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.deepEqual(rows(), ["(error) The Docker engine does not answer."]);
});

test("a deploy that is over is not over again for a connection that was never opened", async () => {
  const { world, session, send, ended } = begin(deploy);
  world.last.onopen!();
  send(step(1, "a"), over);
  world.last.onclose!({ code: 1006, reason: "" });
  assert.equal(session.state.kind, "ended");
  session.reconnect();
  world.last.onclose!({ code: 1006, reason: "" });
  await settled();
  assert.equal(session.state.kind, "waiting");
  assert.equal(ended(), 1);
});

test("a deploy whose end is not known is replayed less and less often", () => {
  const { world, send, rows, wait } = begin(deploy);
  const waits = [1, 2, 3, 4].map(() => {
    world.last.onopen!();
    send(step(1, "a"), step(2, "b"), { error: "the end of this deploy was not recorded" });
    world.last.onclose!({ code: 1011, reason: "the end of this deploy was not recorded" });
    const time = wait();
    world.pass(time);
    return time;
  });
  assert.deepEqual(waits, [1000, 2000, 4000, 8000]);
  assert.deepEqual(rows(), ["a", "b", "(error) How this deploy ended was not recorded: see the process log."]);
});

test("what is kept back is shown when nothing has come for five seconds", () => {
  const { world, send, rows } = begin({ kind: "process" });
  world.last.onopen!();
  send("a", "b", "c");
  world.last.onclose!({ code: 1006, reason: "" });
  world.pass(1000);
  world.last.onopen!();
  send("a");
  world.pass(4000);
  assert.equal(rows().length, 3);
  send("b");
  world.pass(4000);
  send("c", "d");
  assert.deepEqual(rows(), ["a", "b", "c", "d"]);
  world.last.onclose!({ code: 1006, reason: "" });
  world.pass(1000);
  world.last.onopen!();
  send("b");
  world.pass(5000);
  assert.equal(rows().length, 6);
});
