// A deploy is replayed from its first frame at every connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DeploySeam } from "../../src/log/seam/deploy";

function connect(seam: DeploySeam, frames: string[]) {
  seam.begin();
  return frames.map((frame) => seam.take(frame));
}

test("a replay is skipped as far as it was had", () => {
  const seam = new DeploySeam();
  assert.deepEqual(connect(seam, ["a", "a"]), ["new", "new"]);
  assert.deepEqual(connect(seam, ["a", "a", "a"]), ["had", "had", "new"]);
});

test("another deploy is new from where it differs, and said to be another", () => {
  const seam = new DeploySeam();
  connect(seam, ["a", "b", "c"]);
  assert.deepEqual(connect(seam, ["x", "b", "c"]), ["new-and-different", "new", "new"]);
  assert.deepEqual(connect(seam, ["x", "b", "c", "d"]), ["had", "had", "had", "new"]);
});
