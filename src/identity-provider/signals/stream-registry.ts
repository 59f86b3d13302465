import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
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
  private readonly watchers = new Set<(id: string) => void>();

  constructor(
    private readonly store: Streams,
    private readonly notices: Notices,
    private readonly acknowledgements: Acknowledgements,
    private readonly watch: LogWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.watch.everySecond(() => this.refresh());
  }

  /** The stream of this id when it is the client's, as it was a second ago at the earliest. @throws OAuthError 404 */
  async require(id: unknown, clientId: string): Promise<Stream> {
    const known = typeof id === 'string' ? this.streams.get(id) : undefined;
    if (!known) return this.read(id, clientId);
    if (known.clientId !== clientId) throw this.unknown();
    this.seen.add(known.id);
    return known;
  }

  /**
   * As {@link require}, as it is now: for whoever manages it and may have spoken to another process before.
   * @throws OAuthError 404; 400 when it is not said which stream
   */
  async read(id: unknown, clientId: string): Promise<Stream> {
    if (typeof id !== 'string') throw invalidRequest('stream_id: must be the stream_id of a stream', 'stream_id');
    if (!STREAM_ID.test(id)) throw this.unknown();
    const found = await this.store.find(id, clientId);
    const known = this.streams.get(id);
    if (!found) {
      if (known?.clientId === clientId) this.forget(id);
      throw this.unknown();
    }
    // What was confirmed a moment ago may not be written down yet.
    const acknowledged = Math.max(found.acknowledged, known?.acknowledged ?? 0);
    const stream = { ...found, acknowledged };
    this.keep(stream);
    return stream;
  }

  /** What is known of a stream that was required; undefined when it is gone. */
  current(id: string): Stream | undefined {
    return this.streams.get(id);
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

  /** Of a stream that is gone. */
  forget(id: string): void {
    this.streams.delete(id);
    this.pending.delete(id);
    this.seen.delete(id);
    for (const look of this.watchers) look(id);
  }

  /** Calls `look` with the id of each stream that is gone. */
  onGone(look: (id: string) => void): void {
    this.watchers.add(look);
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
