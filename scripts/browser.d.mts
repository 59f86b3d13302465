export function findInstalledBrowser(env?: NodeJS.ProcessEnv): string | undefined;
export function installBrowser(): Promise<{ path: string } | { reason: string }>;
