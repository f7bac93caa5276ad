// How a deploy stands.
import type { DeployStatus } from "../../api/types";
import { Badge } from "../../parts/basics";

export function DeployBadge({ status }: { status: DeployStatus }) {
  // An app that runs is well; a deploy that runs is not over.
  return status === "running" ? <Badge state="deploying" text="under way" /> : <Badge state={status} />;
}
