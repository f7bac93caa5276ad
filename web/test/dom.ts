// As much of a browser as Preact and the page's parts ask for, so that components can be tried
// without one: elements, attributes, events, the focus, modal dialogs. Nothing is laid out.
import { render, type ComponentChild } from "preact";
import { act } from "preact/test-utils";
import "./clock";

type Listener = (this: FakeNode, event: FakeEvent) => void;

export interface FakeEvent {
  type: string;
  target: FakeNode;
  currentTarget: FakeNode;
  defaultPrevented: boolean;
  preventDefault: () => void;
}

export class FakeNode {
  parentNode: FakeElement | null = null;
  childNodes: FakeNode[] = [];
  data = "";
  constructor(
    readonly localName: string,
    readonly nodeType: number,
  ) {}
  get nextSibling(): FakeNode | null {
    const all = this.parentNode?.childNodes ?? [];
    return all[all.indexOf(this) + 1] ?? null;
  }
  get firstChild(): FakeNode | null {
    return this.childNodes[0] ?? null;
  }
  get textContent(): string {
    return this.data + this.childNodes.map((child) => child.textContent).join("");
  }
  contains(other: FakeNode | null): boolean {
    for (let node = other; node; node = node.parentNode) if (node === this) return true;
    return false;
  }
}

export class FakeElement extends FakeNode {
  readonly namespaceURI = "http://www.w3.org/1999/xhtml";
  readonly attributes = new Map<string, string>();
  readonly listeners = new Map<string, Set<Listener>>();
  // Preact writes to an element what it finds in it, and sets an attribute else.
  value = "";
  checked = false;
  open = false;
  onclick = null;
  oninput = null;
  onchange = null;
  onsubmit = null;
  oncancel = null;
  onclose = null;
  private before: FakeElement | undefined;

  constructor(name: string) {
    super(name, 1);
  }
  insertBefore(node: FakeNode, next: FakeNode | null) {
    node.parentNode?.take(node);
    const at = next ? this.childNodes.indexOf(next) : this.childNodes.length;
    this.childNodes.splice(at, 0, node);
    node.parentNode = this;
    return node;
  }
  appendChild = (node: FakeNode) => this.insertBefore(node, null);
  removeChild(node: FakeNode) {
    // What has the focus and goes away leaves it to nobody.
    if (node.contains(screen.focused)) screen.focused = screen.body;
    this.take(node);
    return node;
  }
  private take(node: FakeNode) {
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    node.parentNode = null;
  }
  setAttribute = (name: string, value: unknown) => void this.attributes.set(name, String(value));
  removeAttribute = (name: string) => void this.attributes.delete(name);
  getAttribute = (name: string) => this.attributes.get(name) ?? null;
  addEventListener(type: string, listener: Listener) {
    if (!this.listeners.has(type)) this.listeners.set(type, new Set());
    this.listeners.get(type)!.add(listener);
  }
  removeEventListener = (type: string, listener: Listener) =>
    void this.listeners.get(type)?.delete(listener);

  get all(): FakeElement[] {
    return this.childNodes.flatMap((node) => (node instanceof FakeElement ? [node, ...node.all] : []));
  }
  /** Names and attributes, and lists of them; nothing that looks at other elements. */
  querySelectorAll(selector: string): FakeElement[] {
    const wanted = selector.split(",").map((one) => /^(\w*)((?:\[[^\]]+\])*)$/.exec(one.trim())!);
    return this.all.filter((element) =>
      wanted.some(([, name, attributes]) => {
        const asked = [...attributes!.matchAll(/\[([\w-]+)(?:="?([^"\]]*)"?)?\]/g)];
        return (
          (name === "" || name === element.localName) &&
          asked.every(([, key, value]) =>
            value === undefined ? element.attributes.has(key!) : element.getAttribute(key!) === value,
          )
        );
      }),
    );
  }
  querySelector = (selector: string) => this.querySelectorAll(selector)[0] ?? null;

  focus() {
    if (screen.body.contains(this)) screen.focused = this;
  }
  select() {
    this.focus();
  }
  click() {
    return fire(this, "click");
  }
  showModal() {
    if (this.open) throw new Error("it is open already");
    this.open = true;
    this.before = screen.focused;
    this.querySelector("button, input, select, textarea")?.focus();
  }
  close() {
    if (!this.open) return;
    this.open = false;
    this.before?.focus();
    // As a task of its own, when who called it is long done.
    screen.later.push(() => fire(this, "close"));
  }
}

/** What there is one of. */
export const screen = {
  body: new FakeElement("body"),
  focused: undefined as unknown as FakeElement,
  /** The browser's own tasks: `settle` runs them. */
  later: [] as (() => void)[],
  hidden: false,
  visibility: new Set<() => void>(),
};
screen.focused = screen.body;

Object.assign(globalThis, {
  window: globalThis,
  location: { hash: "" },
  document: {
    title: "",
    get hidden() {
      return screen.hidden;
    },
    get activeElement() {
      return screen.focused;
    },
    createElementNS: (_space: string, name: string) => new FakeElement(name),
    createElement: (name: string) => new FakeElement(name),
    createTextNode: (data: unknown) => Object.assign(new FakeNode("#text", 3), { data: String(data) }),
    addEventListener: (_type: string, listener: () => void) => screen.visibility.add(listener),
    removeEventListener: (_type: string, listener: () => void) => screen.visibility.delete(listener),
  },
});

/** Calls the listeners as the browser would; false where one of them forbade what comes by itself. */
export function fire(target: FakeElement, type: string): boolean {
  const event: FakeEvent = {
    type,
    target,
    currentTarget: target,
    defaultPrevented: false,
    preventDefault: () => void (event.defaultPrevented = true),
  };
  for (let node: FakeElement | null = target; node; node = node.parentNode) {
    event.currentTarget = node;
    for (const listener of [...(node.listeners.get(type) ?? [])]) listener.call(node, event);
    if (type === "close" || type === "cancel") break;
  }
  return !event.defaultPrevented;
}

/** Lets promises, effects and the browser's tasks come to rest. */
export async function settle(first: () => unknown = () => {}) {
  await act(async () => {
    first();
  });
  for (let turn = 0; turn < 10; turn++)
    await act(async () => {
      for (const task of screen.later.splice(0)) task();
      await new Promise((turn) => setImmediate(turn));
    });
}

/** Puts it on the screen in the place of what was there. */
export const show = (what: ComponentChild) =>
  settle(() => render(what, screen.body as unknown as Element));

export async function visible(yes: boolean) {
  screen.hidden = !yes;
  await settle(() => {
    for (const listener of [...screen.visibility]) listener();
  });
}

/** The first of a kind that has this text or this accessible name. */
export function find(name: string, text: string): FakeElement {
  const found = screen.body
    .querySelectorAll(name)
    .find((one) => one.getAttribute("aria-label") === text || one.textContent.trim() === text);
  if (!found) throw new Error(`no ${name} '${text}' in: ${screen.body.textContent}`);
  return found;
}

/** The control that a label is of. */
export const field = (label: string) => {
  const id = find("label", label).getAttribute("for");
  return screen.body.querySelector(`[id="${id}"]`)!;
};

export const click = (element: FakeElement) => settle(() => (element.focus(), element.click()));

export const submit = () => settle(() => fire(screen.body.querySelector("form")!, "submit"));

export async function type(into: FakeElement, text: string) {
  into.value = text;
  await settle(() => fire(into, "input"));
}

/** As the browser does it: ticked at once, and back again where a listener forbids it. */
export async function tick(box: FakeElement) {
  await settle(() => {
    box.focus();
    box.checked = !box.checked;
    if (fire(box, "click")) fire(box, "change");
    else box.checked = !box.checked;
  });
}
