// The services of an app in one line each, with the way to their logs.
import type { Service } from "../../api/types";
import { count } from "../../format/quantities";
import type { Resource } from "../../hooks/resource";
import { Badge, Failure } from "../../parts/basics";
import { hrefOf } from "../../router";

export function Services({ slug, services }: { slug: string; services: Resource<Service[]> }) {
  if (services.data === undefined) {
    if (services.error !== undefined) return <Failure error={services.error} retry={services.reload} />;
    return (
      <p class="loading" role="status">
        Loading the services…
      </p>
    );
  }
  return (
    <>
      {services.error !== undefined && <Failure error={services.error} retry={services.reload} />}
      {services.data.length === 0 ? (
        <p class="dim">No containers: this app is not up.</p>
      ) : (
        <ul class="services" aria-label="Services">
          {services.data.map((service) => (
            <li key={service.service}>
              <a href={hrefOf({ page: "app", app: slug, tab: "log", service: service.service })}>
                {service.service}
              </a>
              <Badge state={service.state} />
              {service.health !== "" && <Badge state={service.health} />}
              {service.replicas !== 1 && <span class="dim">{count(service.replicas, "replica")}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
