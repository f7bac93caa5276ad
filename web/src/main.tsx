// The page's entry.
import { render } from "preact";
import { Gate } from "./gate";
import { applyTheme, storedTheme } from "./hooks/theme";
import { begin, check } from "./session/session";
import "./theme.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/parts.css";
import "./styles/forms.css";
import "./styles/tables.css";
import "./styles/pages.css";

applyTheme(storedTheme());
const root = document.getElementById("page")!;
root.textContent = "";
render(<Gate />, root);
void begin();
// Another tab may have signed in, as somebody else, or out meanwhile. Of two windows side by side
// both are visible, and one has the focus.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void check();
});
window.addEventListener("focus", () => void check());
