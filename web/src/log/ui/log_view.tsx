// The log view: the rows, and everything around them.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Filter, noFilter } from "../model/filter";
import { LogController } from "../model/controller";
import { type LogSource, fileName, keyOf } from "../source";
import { Announcer } from "./announcer";
import { Help } from "./help";
import { type Command, useKeys } from "./keys";
import { usePrefs } from "./prefs";
import { Press } from "./controls";
import { Rows } from "./rows";
import { copy, download, joined, linesOf } from "./save";
import { SearchBar } from "./search_bar";
import { ChosenStrip, OutcomeStrip, StateStrip, StatusLine } from "./strips";
import { Options } from "./toolbar";
import { freshWords } from "./words";

interface Props {
  source: LogSource;
  title: string;
  onEnded?: () => void;
  onSignedOut?: () => void;
  /** The time of the line to show. */
  at?: string | undefined;
}

/** Another source, or another line of it, is another view. */
export function LogView(props: Props) {
  return <View key={`${keyOf(props.source)} ${props.at ?? ""}`} {...props} />;
}

function View(props: Props) {
  const { source, title } = props;
  const [prefs, setPrefs] = usePrefs();
  const [text, setText] = useState("");
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [help, setHelp] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRef<HTMLElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [controller] = useState(
    () =>
      new LogController(source, props.at, prefs, {
        ended: () => latest.current.onEnded?.(),
        signedOut: () => latest.current.onSignedOut?.(),
      }),
  );
  const [now, setNow] = useState(() => controller.snapshot());

  useEffect(() => controller.subscribe(setNow), [controller]);
  useEffect(() => controller.setLook(prefs), [prefs.wrap, prefs.zone]);
  useEffect(
    () => controller.setQuery({ text, regex: prefs.regex, matchCase: prefs.matchCase }),
    [text, prefs.regex, prefs.matchCase],
  );
  useEffect(() => controller.setFilter(filter), [filter]);

  const { zone } = prefs;
  const { store } = controller.session;
  const again = () => controller.session.reconnect();
  const tell = (worked: boolean, what: string) =>
    controller.hint(worked ? `${what} copied.` : "The browser did not let this page copy.");
  const copyChosen = async () => {
    const lines = [...linesOf(store, controller.chosenOrAll(), zone)];
    tell(await copy(joined(lines)), lines.length === 1 ? "Line" : `${lines.length} lines`);
  };
  const copyAll = async () => {
    const lines = [...linesOf(store, controller.selection.numbers(), zone)];
    tell(await copy(joined(lines)), `${lines.length} lines`);
  };
  const copyLink = async () => {
    const link = controller.link();
    if (link === undefined) return controller.hint("Only a line with a time can be linked to.");
    history.replaceState(history.state, "", link);
    tell(await copy(location.href), "Link");
  };
  const save = () =>
    void download(linesOf(store, controller.selection.numbers(), zone), fileName(source));
  const leave = () => {
    if (!controller.unmark() && text) setText("");
    scroller.current?.focus();
  };

  const run: Record<Command, () => void> = {
    search: () => (field.current?.focus(), field.current?.select()),
    next: () => controller.step(1),
    previous: () => controller.step(-1),
    follow: () => void (controller.following = !controller.following),
    wrap: () => setPrefs({ wrap: !prefs.wrap }),
    times: () => setPrefs({ zone: zone === "off" ? "local" : zone === "local" ? "utc" : "off" }),
    start: () => controller.toStart(),
    end: () => void (controller.following = true),
    up: () => controller.moveMark(-1),
    down: () => controller.moveMark(1),
    spread: () => controller.toggleMarked(),
    link: () => void copyLink(),
    copy: () => void copyChosen(),
    leave,
    help: () => setHelp(true),
  };
  useKeys(view, (command) => run[command]());

  return (
    <section
      ref={view}
      class={now.following ? "log-view" : "log-view log-paused"}
      aria-label={title}
    >
      <div class="log-toolbar">
        <SearchBar
          field={field}
          text={text}
          prefs={prefs}
          onlyMatches={filter.onlyMatches}
          state={now.search}
          onText={setText}
          onPrefs={setPrefs}
          onOnlyMatches={(onlyMatches) => setFilter({ ...filter, onlyMatches })}
          onStep={(direction) => controller.step(direction)}
          onLeave={() => (setText(""), scroller.current?.focus())}
        />
        <Options
          kind={source.kind}
          prefs={prefs}
          filter={filter}
          onPrefs={setPrefs}
          onFilter={(change) => setFilter({ ...filter, ...change })}
          onCopy={() => void copyAll()}
          onSave={save}
          onHelp={() => setHelp(true)}
        />
      </div>
      <div class="log-middle">
        <Rows controller={controller} scroller={scroller} title={title} now={now} />
        {!now.following && (
          <Press class="log-to-end" onClick={() => void (controller.following = true)}>
            {freshWords(now.fresh)} ↓
          </Press>
        )}
        {now.hint && <div class="log-hint">{now.hint}</div>}
      </div>
      <OutcomeStrip now={now} />
      <StateStrip now={now} onAgain={again} />
      <ChosenStrip
        now={now}
        onCopy={() => void copyChosen()}
        onLink={() => void copyLink()}
        onClear={() => controller.mark(undefined)}
      />
      <StatusLine now={now} onFollow={(on) => void (controller.following = on)} />
      <Announcer now={now} />
      {help && <Help onClose={() => setHelp(false)} />}
    </section>
  );
}
