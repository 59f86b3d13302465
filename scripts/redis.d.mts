export function findInstalledRedis(env?: NodeJS.ProcessEnv): string | undefined;
