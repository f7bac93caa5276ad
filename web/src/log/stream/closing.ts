// What the end of a connection means, in words: from the close code and its reason (the table of
// docs/api/asyncapi.yaml) to a sentence for whoever looks at the log.
import { asSentence } from "../../api/errors";

export type Verdict =
  /** The stream is whole: there is nothing to reconnect for. */
  | "finished"
  /** The server will not let this viewer in again. */
  | "refused"
  /** Try again. */
  | "lost";

export interface Closing {
  verdict: Verdict;
  sentence: string;
}

const finished: Record<string, string> = {
  "deploy finished": "The deploy has finished.",
  "nothing to stream": "No deploy is running.",
  "deploy not found": "There is no such deploy: its record may have been removed.",
  "container exited": "The container has exited.",
  "container not found": "This service has no container: is the app running?",
  "end of history": "This is the end of the log that was asked for.",
  "invalid parameter": "The server did not accept this request.",
};

const refused: Record<string, string> = {
  "access ended": "Your access to this log has ended: you were logged out, or it was taken back.",
  "origin not allowed":
    "The server does not accept streams from this address: open the page under the server's own, " +
    "or have it added to allowed_origins.",
};

const lost: Record<string, string> = {
  "server is shutting down": "The server is restarting or shutting down.",
  "nothing received for too long": "The server heard nothing from this page for too long.",
  "docker engine unavailable": "The Docker engine does not answer.",
  "the docker engine's answer could not be understood":
    "The Docker engine's answer could not be understood: see the process log.",
  "the log could not be read": "The Docker engine could not read the log: see the process log.",
  "the log stream ended while the container runs on":
    "Docker's log stream ended while the container runs on.",
  "the transcript cannot be read": "The record of this deploy cannot be read: see the process log.",
  "the end of this deploy was not recorded":
    "How this deploy ended was not recorded: see the process log.",
  "the last lines were not found":
    "The container has exited, and its last lines were not found in its log.",
  "internal error, see the process log":
    "The stream's source failed inside the server: see the process log.",
  "this stream failed repeatedly, try again in a minute":
    "This stream has failed repeatedly, so the server lets it rest for a minute.",
};

const ofCode: Record<number, string> = {
  1001: "The server is going away.",
  1006: "The connection was lost.",
  1007: "The connection carried damaged data.",
  1009: "A message was too big.",
  1011: "The stream's source failed: see the process log.",
  1012: "The server is restarting.",
  1013: "The server is too busy.",
};

/** `error` is what the stream's last frame said, if it was an error. */
export function closing(code: number, reason: string, error = ""): Closing {
  if (code === 1000) return { verdict: "finished", sentence: finishedBecause(reason, error) };
  if (code === 1008) {
    const sentence = refused[reason] ?? `The server ended this stream${because(reason)}.`;
    return { verdict: "refused", sentence };
  }
  return { verdict: "lost", sentence: lostBecause(code, reason, error) };
}

function finishedBecause(reason: string, error: string): string {
  // Which parameter it was stands in the error alone.
  if (reason === "invalid parameter" && error !== "") return asSentence(error);
  return (
    finished[reason] ??
    (error === "" ? `The stream has ended${because(reason)}.` : asSentence(error))
  );
}

function lostBecause(code: number, reason: string, error: string): string {
  const known = lost[reason] ?? lost[error];
  if (known !== undefined) return known;
  if (error !== "") return asSentence(error);
  if (reason === "") return ofCode[code] ?? `The connection was lost (code ${code}).`;
  return `${code === 1011 ? "The stream's source failed" : "The connection was lost"}: ${reason}.`;
}

function because(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}
