import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { AggregatorRegistry } from 'prom-client';
import type { LoggerService } from '@nestjs/common';
import type { Metrics } from '../../platform/metrics.js';
import type { Closable } from './run.js';
import { StartError } from './start-error.js';

/** A worker that ended is replaced after this long: one that ends at once must not keep a core busy. */
const REPLACE_AFTER_MILLISECONDS = 1_000;

/**
 * Several processes of this front door on one port (`node:cluster`), watched by this one. They share nothing but the
 * database. A worker that ends is replaced; one that cannot even start stops them all, with its own message above ours.
 */
export class Workers implements Closable {
  private readonly living = new Set<Worker>();
  private closing = false;

  private constructor(
    private readonly logger: LoggerService,
    private readonly onBroken: () => void,
  ) {}

  /**
   * Answers when every worker listens.
   * @param onBroken called when a replacement cannot start either
   * @throws StartError when a worker cannot start
   */
  static async start(count: number, logger: LoggerService, onBroken: () => void): Promise<Workers> {
    const workers = new Workers(logger, onBroken);
    const started = await Promise.all(Array.from({ length: count }, () => workers.fork()));
    if (started.includes(false)) {
      await workers.close();
      throw new StartError('WORKERS: a worker could not start; its own words are above.');
    }
    return workers;
  }

  /** The measurements of all workers, summed up. */
  readonly metrics = new AggregatorRegistry();

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(
      Array.from(this.living, async (worker) => {
        const gone = once(worker, 'exit');
        worker.process.kill('SIGTERM');
        await gone;
      }),
    );
  }

  /** True once the worker listens, false when it ends before. */
  private fork(): Promise<boolean> {
    const worker = cluster.fork();
    this.living.add(worker);
    let listens = false;
    return new Promise((started) => {
      worker.once('listening', () => {
        listens = true;
        started(true);
      });
      worker.once('exit', (code, signal) => {
        this.living.delete(worker);
        started(false);
        if (!listens || this.closing) return;
        this.logger.error?.(`worker ${worker.process.pid} ended (${signal ?? code}); it is replaced`, 'Workers');
        setTimeout(() => void this.replace(), REPLACE_AFTER_MILLISECONDS);
      });
    });
  }

  private async replace(): Promise<void> {
    if (this.closing || (await this.fork()) || this.closing) return;
    this.logger.fatal?.('a worker could not be replaced', 'Workers');
    this.onBroken();
  }
}

/** In a worker: answers the primary's questions for what this process measured. */
export function reportToPrimary(metrics: Metrics): void {
  AggregatorRegistry.setRegistries(metrics.registry);
  // Making one is what listens for the questions.
  void new AggregatorRegistry();
}
