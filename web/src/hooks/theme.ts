// Light, dark, or as the system has it; remembered in this browser.
import { useState } from "preact/hooks";

export type Theme = "system" | "light" | "dark";
const key = "spillway.theme";

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // storage is switched off
  }
}

export function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(storedTheme);
  const choose = (chosen: Theme) => {
    setTheme(chosen);
    applyTheme(chosen);
    try {
      if (chosen === "system") localStorage.removeItem(key);
      else localStorage.setItem(key, chosen);
    } catch {
      // It then holds until the page is left.
    }
  };
  return [theme, choose];
}
