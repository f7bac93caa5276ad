// A new app.
import { useTitle } from "../hooks/page";
import { Heading } from "../parts/basics";
import { hrefOf } from "../router";
import { DeployForm } from "./deploy_form";

export function DeployNew() {
  useTitle("Deploy a new app");
  return (
    <>
      <p class="breadcrumb">
        <a href={hrefOf({ page: "apps" })}>Apps</a>
      </p>
      <Heading>Deploy a new app</Heading>
      <DeployForm />
    </>
  );
}
