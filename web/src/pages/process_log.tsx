// The server's own output.
import { useTitle } from "../hooks/page";
import { LogView } from "../log";
import { Heading } from "../parts/basics";
import { check, useLogin } from "../session/session";

export function ProcessLog({ at }: { at?: string }) {
  useTitle("Process log");
  const login = useLogin();
  return (
    <div class="with-log">
      <Heading>Process log</Heading>
      <div class="log-place">
        <LogView
          key={login}
          source={{ kind: "process" }}
          title="Process log of the server"
          at={at}
          onSignedOut={() => void check()}
        />
      </div>
    </div>
  );
}
