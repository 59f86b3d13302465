import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { OAuthError } from '../../protocol/oauth-error.js';
import { Acknowledgements } from './acknowledgements.js';
import { LogWatch } from './log-watch.js';
import { type Notice, Notices } from './notices.js';
import { type Stream, Streams } from './streams.js';

/** Streams are written down as seen, and swept, every so many seconds. */
const HOUSEKEEPING_EVERY = 2;

/** As we make them; nothing else need be looked for. */
const STREAM_ID = /^[\w-]{1,100}$/;

/**
 * The streams that this process serves, so that a poll reads no database: every second those that changed are read again,
 * together. A change that another process made is seen within that second.
 */
@Injectable()
export class StreamRegistry implements OnApplicationBootstrap {
  private readonly streams = new Map<string, Stream>();
  private readonly pending = new Map<string, Notice[]>();
  private seen = new Set<string>();
  private seconds = 0;

  constructor(
    private readonly store: Streams,
    private readonly notices: Notices,
    private readonly acknowledgements: Acknowledgements,
    private readonly watch: LogWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.watch.everySecond(() => this.refresh());
  }

  /** The stream of this id when it is the client's. @throws OAuthError 404 */
  async require(id: unknown, clientId: string): Promise<Stream> {
    if (typeof id !== 'string' || !STREAM_ID.test(id)) throw this.unknown();
    let stream = this.streams.get(id);
    if (!stream) {
      stream = await this.store.find(id, clientId);
      if (stream) this.streams.set(id, stream);
    }
    if (stream?.clientId !== clientId) throw this.unknown();
    this.seen.add(id);
    return stream;
  }

  unknown(): OAuthError {
    return new OAuthError('invalid_request', 'there is no stream with this stream_id for this receiver', {
      status: 404,
      parameter: 'stream_id',
    });
  }

  keep(stream: Stream): void {
    this.streams.set(stream.id, stream);
    this.seen.add(stream.id);
  }

  forget(id: string): void {
    this.streams.delete(id);
    this.pending.delete(id);
    this.seen.delete(id);
  }

  /** What the stream is told about itself, as it was read last. */
  noticesOf(id: string): readonly Notice[] {
    return this.pending.get(id) ?? [];
  }

  /** Reads the notices of a stream now. */
  async readNotices(id: string): Promise<readonly Notice[]> {
    const found = await this.notices.of([id]);
    this.pending.set(id, found);
    this.watch.wake();
    return found;
  }

  private async refresh(): Promise<void> {
    this.seconds += 1;
    const ids = [...this.streams.keys()];
    if (ids.length > 0) {
      const known = new Map(this.streams);
      const [changed, notices] = await Promise.all([this.store.changed([...known.values()]), this.notices.of(ids)]);
      for (const [id, stream] of changed) {
        if (!stream) this.forget(id);
        // What this process changed itself meanwhile is newer.
        else if (this.streams.get(id) === known.get(id)) this.streams.set(id, stream);
      }
      this.pending.clear();
      for (const notice of notices) {
        this.pending.set(notice.streamId, [...(this.pending.get(notice.streamId) ?? []), notice]);
      }
      if (notices.length > 0) this.watch.wake();
    }
    if (this.seconds % HOUSEKEEPING_EVERY !== 0) return;
    const { seen } = this;
    this.seen = new Set();
    await this.store.seen([...seen]);
    await this.store.sweep();
    await this.acknowledgements.sweep();
  }
}
