/** Reads which statements a client of PostgreSQL runs from what it sends (protocol 3.0, without TLS). */
export class StatementReader {
  private rest = Buffer.alloc(0);
  private isStarted = false;
  private readonly prepared = new Map<string, string>();
  private bound = '';

  /** The statements that are run with this part of the stream. What is not PostgreSQL's protocol has none. */
  read(chunk: Buffer): string[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const run: string[] = [];
    for (;;) {
      // The first message has no type.
      const head = this.isStarted ? 1 : 0;
      if (this.rest.length < head + 4) return run;
      const end = head + this.rest.readUInt32BE(head);
      if (this.rest.length < end) return run;
      if (this.isStarted) this.message(String.fromCharCode(this.rest[0]!), this.rest.subarray(5, end), run);
      this.isStarted = true;
      this.rest = this.rest.subarray(end);
    }
  }

  private message(type: string, body: Buffer, run: string[]): void {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
    if (type === 'P') this.prepared.set(first, second);
    if (type === 'B') this.bound = this.prepared.get(second) ?? '';
    if (type === 'E') run.push(this.bound);
    if (type === 'Q') run.push(first);
  }
}
