import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInstalledNginx } from '../../scripts/nginx.mjs';

/**
 * Starts nginx with our configuration, its ports replaced; it ends with this process.
 * @param ports instead of those in the file, each by its own
 */
export async function startNginx(file: string, ports: Record<number, number>): Promise<{ stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-nginx-'));
  const written = await readFile(file, 'utf8');
  const moved = written
    .replaceAll(/(?<=listen |127\.0\.0\.1:)\d+/g, (port) => String(ports[Number(port)]))
    .replaceAll('/tmp/', `${directory}/`);
  const configuration = join(directory, 'nginx.conf');
  await writeFile(configuration, moved);
  const options = ['-e', 'stderr', '-c', configuration, '-g', 'daemon off;'];
  // The shell ends the server when its input ends, which it does when this process is gone, however it went.
  const child = spawn(
    'sh',
    ['-c', '"$0" "$@" </dev/null & read _; kill $!; wait $!', findInstalledNginx()!, ...options],
    {
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  child.stderr.resume();
  const ended = once(child, 'exit');
  return {
    async stop() {
      child.stdin.end();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `describe` for tests that need nginx: without one they are skipped, with the reason in their names. */
export function describeWithNginx(name: string, define: () => void): void {
  if (findInstalledNginx()) describe(name, define);
  else
    describe.skip(
      `${name} (skipped: ${process.env['GATEHOUSE_TEST_NGINX_MISSING'] ?? 'no nginx is installed; npm test gets one where it can'})`,
      define,
    );
}
