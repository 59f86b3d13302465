export function findInstalledNginx(env?: NodeJS.ProcessEnv): string | undefined;
