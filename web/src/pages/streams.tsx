// Who watches what just now, and how far behind each viewer is.
import { useState } from "preact/hooks";
import { streams } from "../api/calls";
import type { Publisher, Streams } from "../api/types";
import { bytes, count, grouped } from "../format/quantities";
import { useTitle } from "../hooks/page";
import { useResource } from "../hooks/resource";
import { Badge, Empty, Heading } from "../parts/basics";
import { Loaded } from "../parts/loaded";
import { hrefOf } from "../router";
import { countOf, keyOf, nameOf, viewersOf } from "./stream_names";
import { Viewers } from "./stream_viewers";

const refreshed = 2000;
/** Of each source so many viewers are asked for. */
const listed = 100;
/** Up to so many viewers in all, each is shown without being asked for. */
const few = 20;

export function StreamsPage() {
  useTitle("Streams");
  const resource = useResource("streams", (signal) => streams(listed, signal), { every: refreshed });
  return (
    <>
      <Heading>Streams</Heading>
      <Loaded of={resource} what="the streams">
        {(data) => <All streams={data} />}
      </Loaded>
    </>
  );
}

function All({ streams }: { streams: Streams }) {
  const publishers = streams.publishers ?? [];
  const viewers =
    streams.viewers ?? publishers.reduce((sum, publisher) => sum + countOf(publisher), 0);
  return (
    <>
      <p>
        <strong>{count(viewers, "viewer")}</strong>
        {streams.max_viewers !== undefined && <> of at most {grouped(streams.max_viewers)}</>} on{" "}
        {count(publishers.length, "source")}. Refreshed every 2 seconds.
      </p>
      {publishers.length === 0 ? (
        <Empty title="Nobody watches anything just now.">
          <p>Open the log of an app, and it appears here.</p>
        </Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label="Sources and their viewers">
          <table class="streams">
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">State</th>
                <th scope="col" class="number">
                  Kept lines
                </th>
                <th scope="col" class="number">
                  Kept bytes
                </th>
                <th scope="col">Viewers</th>
              </tr>
            </thead>
            {publishers.map((publisher, index) => (
              <Group key={keyOf(publisher, index)} publisher={publisher} unfold={viewers <= few} />
            ))}
          </table>
        </div>
      )}
    </>
  );
}

function Group({ publisher, unfold }: { publisher: Publisher; unfold: boolean }) {
  const [chosen, setChosen] = useState<boolean>();
  const viewers = viewersOf(publisher);
  const all = countOf(publisher);
  const open = (chosen ?? unfold) && viewers.length > 0;
  const name = nameOf(publisher);
  const { ring } = publisher;
  return (
    <tbody>
      <tr>
        <th scope="row">
          {publisher.app ? (
            <a
              href={hrefOf({
                page: "app",
                app: publisher.app,
                ...(publisher.kind === "deploy"
                  ? { tab: "deploy", deploy: publisher.deploy_id }
                  : { tab: "log", service: publisher.service, replica: publisher.replica }),
              })}
            >
              {name}
            </a>
          ) : (
            name
          )}
        </th>
        <td>{publisher.state ? <Badge state={publisher.state} /> : "–"}</td>
        <td class="number">{ring?.lines === undefined ? "–" : grouped(ring.lines)}</td>
        <td class="number">
          {ring?.bytes === undefined ? "–" : bytes(ring.bytes)}
          {ring?.bytes !== undefined && ring.capacity_bytes !== undefined && (
            <span class="dim"> of {bytes(ring.capacity_bytes)}</span>
          )}
        </td>
        <td>
          {viewers.length === 0 ? (
            <span class="dim">none</span>
          ) : (
            <button
              type="button"
              class="button button-quiet"
              aria-expanded={open}
              aria-label={`${count(all, "viewer")} of ${name}`}
              onClick={() => setChosen(!open)}
            >
              <span aria-hidden="true">{open ? "▾" : "▸"}</span> {count(all, "viewer")}
            </button>
          )}
        </td>
      </tr>
      {open && (
        <tr class="streams-viewers">
          <td colSpan={5}>
            <Viewers viewers={viewers} all={all} of={name} />
          </td>
        </tr>
      )}
    </tbody>
  );
}
