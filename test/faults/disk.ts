import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In bytes: memory is taken only for what is written. */
const ROOMY = 2 ** 31;

/** A disk of its own (tmpfs) that a test can have full, and roomy again. */
export class Disk {
  private readonly lastly = () => this.unmount();

  private constructor(private readonly path: string) {
    process.once('exit', this.lastly);
  }

  /** Puts one where a directory is; undefined where this user may not. */
  static mount(path: string): Disk | undefined {
    return mounts('-t', 'tmpfs', '-o', `size=${ROOMY},mode=711`, 'tmpfs', path) ? new Disk(path) : undefined;
  }

  /** From now on not one page more can be written. */
  fill(): void {
    for (let tries = 0; ; tries += 1) {
      const { blocks, bfree, bsize } = statfsSync(this.path);
      if (mounts('-o', `remount,size=${(blocks - bfree) * bsize}`, this.path)) return;
      // Something was written in between.
      if (tries === 100) throw new Error(`${this.path} cannot be made full`);
    }
  }

  clear(): void {
    if (!mounts('-o', `remount,size=${ROOMY}`, this.path)) throw new Error(`${this.path} cannot be made roomy`);
  }

  unmount(): void {
    process.removeListener('exit', this.lastly);
    spawnSync('umount', ['-l', this.path]);
  }
}

function mounts(...args: string[]): boolean {
  return spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
}

/** Whether this user may make disks. */
export const mayMount = tried();

function tried(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  const disk = Disk.mount(path);
  disk?.unmount();
  rmdirSync(path);
  return disk !== undefined;
}
