// The live log of one container, and which one.
import { useRef } from "preact/hooks";
import type { Service } from "../../api/types";
import { go } from "../../hooks/page";
import type { Resource } from "../../hooks/resource";
import { LogView } from "../../log";
import { Empty } from "../../parts/basics";
import { Loaded } from "../../parts/loaded";
import type { AppRoute } from "../../router";
import { check, useLogin } from "../../session/session";
import { beginOf, beginnings, chosenService, offeredServices, type Beginning } from "./log_choice";

type LogRoute = Extract<AppRoute, { tab: "log" }>;

export function LogTab({ route, services }: { route: LogRoute; services: Resource<Service[]> }) {
  const shown = useRef<{ app: string; service: string }>();
  return (
    <Loaded of={services} what="the services">
      {(list) => {
        const before = shown.current?.app === route.app ? shown.current.service : undefined;
        const service = chosenService(list, route.service, before);
        if (service === undefined) {
          return (
            <Empty title="Nothing to follow: this app has no containers.">
              <p>Start or deploy it, and its log appears here.</p>
            </Empty>
          );
        }
        shown.current = { app: route.app, service };
        return <Log route={route} services={list} service={service} />;
      }}
    </Loaded>
  );
}

function Log(props: { route: LogRoute; services: Service[]; service: string }) {
  const { route, services, service } = props;
  const login = useLogin();
  const replicas = services.find((one) => one.service === service)?.replicas ?? 1;
  const beginning = beginOf(route);
  const choose = (change: Partial<LogRoute>) => {
    const { at: _at, ...kept } = route;
    go({ ...kept, service, ...change });
  };
  const { tail, since, replica } = route;
  const key = [login, service, replica, tail, since].join(" ");
  return (
    <>
      <form class="log-choice" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Service"
          value={service}
          options={offeredServices(services, service).map((name) => ({ value: name, text: name }))}
          onValue={(value) => choose({ service: value, replica: undefined })}
        />
        {(replicas > 1 || replica !== undefined) && (
          <Choice
            label="Replica"
            value={String(replica ?? "")}
            options={replicaOptions(Math.max(replicas, replica ?? 1))}
            onValue={(value) => choose({ replica: value === "" ? undefined : Number(value) })}
          />
        )}
        <Choice
          label="Begin with"
          value={beginning.value}
          options={beginnings(beginning)}
          onValue={(value) => {
            const { tail, since } = beginnings(beginning).find((one) => one.value === value) as Beginning;
            choose({ tail, since });
          }}
        />
      </form>
      <div class="log-place">
        <LogView
          key={key}
          source={{
            kind: "container",
            app: route.app,
            service,
            ...(replica !== undefined && { replica }),
            ...(tail !== undefined && { tail }),
            ...(since !== undefined && { since }),
          }}
          title={`Log of ${service} in ${route.app}`}
          at={route.at}
          onSignedOut={() => void check()}
        />
      </div>
    </>
  );
}

function replicaOptions(replicas: number) {
  const numbers = Array.from({ length: Math.min(replicas, 1000) }, (_, index) => String(index + 1));
  return [
    { value: "", text: "lowest that runs" },
    ...numbers.map((value) => ({ value, text: value })),
  ];
}

function Choice(props: {
  label: string;
  value: string;
  options: { value: string; text: string }[];
  onValue: (value: string) => void;
}) {
  return (
    <label>
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onValue(event.currentTarget.value)}>
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
