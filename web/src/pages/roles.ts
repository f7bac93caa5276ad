// Roles in words.
import type { Role } from "../api/types";

export const roles: { value: Role; text: string; may: string }[] = [
  { value: "viewer", text: "Viewer", may: "Reads the apps that are granted." },
  { value: "manage", text: "Manager", may: "Reads and operates the apps that are granted." },
  { value: "super_admin", text: "Administrator", may: "May do everything, with every app." },
];

export function roleText(role: string): string {
  return roles.find((one) => one.value === role)?.text ?? role;
}

export function roleMay(role: string): string {
  return roles.find((one) => one.value === role)?.may ?? "";
}
