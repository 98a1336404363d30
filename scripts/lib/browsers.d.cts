export function systemBrowser(): string | null;
export function firefoxPath(): string | null;
export function swiftshaderIcd(): string | null;
