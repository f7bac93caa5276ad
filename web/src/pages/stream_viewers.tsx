// The viewers of one source; of very many only the ones furthest behind.
import type { StreamViewer } from "../api/types";
import { bytes, count, duration, grouped } from "../format/quantities";
import { Badge, Time } from "../parts/basics";
import { furthestBehind, isStuck } from "./stream_names";

const shown = 100;

export function Viewers(props: { viewers: StreamViewer[]; all: number; of: string }) {
  const { viewers, all, of } = props;
  const listed = furthestBehind(viewers, shown);
  return (
    <>
      <table class="inner" aria-label={`Viewers of ${of}`}>
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">From</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Behind
            </th>
            <th scope="col" class="number">
              Skipped lines
            </th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((viewer, index) => (
            <tr key={index}>
              <th scope="row">{viewer.user ?? "–"}</th>
              <td>{viewer.address ?? "–"}</td>
              <td>
                {viewer.state ? <Badge state={viewer.state} /> : "–"}
                {isStuck(viewer) && (
                  <Badge state="unhealthy" text={`takes nothing for ${duration(viewer.writing_ms!)}`} />
                )}
              </td>
              <td class="number">{behindText(viewer)}</td>
              <td class="number">{viewer.skipped_lines === undefined ? "–" : grouped(viewer.skipped_lines)}</td>
              <td>
                <Time at={viewer.opened_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > listed.length && (
        <p class="dim">
          {grouped(listed.length)} of {count(all, "viewer")}: those furthest behind.
        </p>
      )}
    </>
  );
}

function behindText({ lag_lines, lag_bytes }: StreamViewer): string {
  if (lag_lines === undefined && lag_bytes === undefined) return "–";
  if (!lag_lines && !lag_bytes) return "0";
  const words: string[] = [];
  if (lag_lines !== undefined) words.push(count(lag_lines, "line"));
  if (lag_bytes !== undefined) words.push(bytes(lag_bytes));
  return words.join(", ");
}
