// The viewers of one source; of very many the server lists the ones furthest behind.
import type { StreamViewer } from "../api/types";
import { count, duration, grouped } from "../format/quantities";
import { Badge, Time } from "../parts/basics";
import { isSlow } from "./stream_names";

export function Viewers(props: { viewers: StreamViewer[]; all: number; of: string }) {
  const { viewers, all, of } = props;
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
          {viewers.map((viewer, index) => (
            <tr key={index}>
              <th scope="row">{viewer.user ?? "–"}</th>
              <td>{viewer.address ?? "–"}</td>
              <td>
                {viewer.state ? <Badge state={viewer.state} /> : "–"}
                {isSlow(viewer) && (
                  <Badge state="waiting" text={`last batch under way for ${duration(viewer.writing_ms!)}`} />
                )}
              </td>
              <td class="number">{viewer.lag_lines === undefined ? "–" : count(viewer.lag_lines, "line")}</td>
              <td class="number">{viewer.skipped_lines === undefined ? "–" : grouped(viewer.skipped_lines)}</td>
              <td>
                <Time at={viewer.opened_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > viewers.length && (
        <p class="dim">
          {grouped(viewers.length)} of {count(all, "viewer")}: those furthest behind.
        </p>
      )}
    </>
  );
}
