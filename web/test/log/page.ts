// As much of a browser's page as the rows of a log need, for tests without one. Nothing is laid
// out: every element has the same height, and is where a test puts it.

interface Rectangle {
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
}

const rectangle = (left = 0, width = 400, top = 0, height = 20): Rectangle => ({
  left,
  right: left + width,
  top,
  bottom: top + height,
  width,
  height,
});

export class FakeElement {
  children: FakeElement[] = [];
  parentNode: FakeElement | null = null;
  className = "";
  title = "";
  type = "";
  dateTime = "";
  tabIndex = 0;
  dataset: Record<string, string> = {};
  attributes: Record<string, string> = {};
  style = { height: "", transform: "", setProperty() {} };
  clientWidth = 800;
  clientHeight = 400;
  scrollTop = 0;
  scrollLeft = 0;
  rectangle = rectangle();
  private text_ = "";
  /** How often its text was written. */
  written = 0;

  constructor(readonly tag: string) {}

  get textContent(): string {
    return this.text_ + this.children.map((child) => child.textContent).join("");
  }
  set textContent(text: string) {
    this.replaceChildren();
    this.text_ = text;
    this.written++;
  }
  get parentElement() {
    return this.parentNode;
  }
  get firstChild(): FakeElement | null {
    return this.children[0] ?? null;
  }
  get lastElementChild(): FakeElement | null {
    return this.children.at(-1) ?? null;
  }
  get nextSibling(): FakeElement | null {
    const all = this.parentNode?.children ?? [];
    return all[all.indexOf(this) + 1] ?? null;
  }
  get classList() {
    const names = () => this.className.split(" ").filter((name) => name !== "");
    const set = (all: string[]) => (this.className = [...new Set(all)].join(" "));
    return {
      add: (...added: string[]) => set([...names(), ...added]),
      contains: (name: string) => names().includes(name),
      toggle: (name: string, on: boolean) =>
        set([...names().filter((one) => one !== name), ...(on ? [name] : [])]),
    };
  }

  append(...added: FakeElement[]): void {
    for (const child of added) this.insertBefore(child, null);
  }
  prepend(child: FakeElement): void {
    this.insertBefore(child, this.firstChild);
  }
  insertBefore(child: FakeElement, before: FakeElement | null): void {
    if (child.tag === "#fragment") return this.append(...child.children.splice(0));
    child.remove();
    const at = before ? this.children.indexOf(before) : this.children.length;
    this.children.splice(at, 0, child);
    child.parentNode = this;
  }
  replaceChildren(...next: FakeElement[]): void {
    for (const child of this.children) child.parentNode = null;
    this.children = [];
    this.text_ = "";
    this.append(...next);
  }
  remove(): void {
    const all = this.parentNode?.children;
    all?.splice(all.indexOf(this), 1);
    this.parentNode = null;
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
  getBoundingClientRect(): Rectangle {
    return this.rectangle;
  }
  contains(other: FakeElement | null): boolean {
    for (let at = other; at; at = at.parentNode) if (at === this) return true;
    return false;
  }
  /** By a tag or a class alone. */
  querySelector(wanted: string): FakeElement | null {
    for (const child of this.children) {
      const found = child.is_(wanted) ? child : child.querySelector(wanted);
      if (found) return found;
    }
    return null;
  }
  all(wanted: string): FakeElement[] {
    return this.children.flatMap((child) => [
      ...(child.is_(wanted) ? [child] : []),
      ...child.all(wanted),
    ]);
  }
  private is_(wanted: string): boolean {
    return wanted.startsWith(".") ? this.classList.contains(wanted.slice(1)) : this.tag === wanted;
  }
}

/** Puts the page in place. Frames come when `frame()` is called, as often as they are asked for. */
export function fakePage() {
  let asked: (() => void)[] = [];
  const text = (content: string) => {
    const made = new FakeElement("#text");
    made.textContent = content;
    return made;
  };
  const document = {
    hidden: false,
    createElement: (tag: string) => new FakeElement(tag),
    createTextNode: text,
    createDocumentFragment: () => new FakeElement("#fragment"),
    getSelection: () => null,
  };
  Object.assign(globalThis, {
    document,
    Element: FakeElement,
    HTMLElement: FakeElement,
    requestAnimationFrame: (then: () => void) => asked.push(then),
    cancelAnimationFrame: () => (asked = []),
  });
  return {
    document,
    frame() {
      for (const then of asked.splice(0)) then();
    },
    element: (tag = "div") => new FakeElement(tag) as FakeElement & HTMLElement,
  };
}
