// Which deploy of an app is under way.
import { listDeploys } from "../../api/calls";
import { ApiError } from "../../api/errors";

/** Its id; where none is, that is said in the server's own words. */
export async function runningDeploy(slug: string): Promise<string> {
  const running = (await listDeploys(slug)).find((deploy) => deploy.status === "running");
  if (running === undefined) throw new ApiError(409, "no deploy of this app is under way");
  return running.id;
}
