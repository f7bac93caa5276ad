// The log view: what the rest of the page uses of it.
import "./log.css";

export { LogView } from "./ui/log_view";
export type { LogSource } from "./source";
