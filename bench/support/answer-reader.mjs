const END_OF_HEAD = '\r\n\r\n';

/** Reads the answers of one connection, on which nothing is asked before the answer is there: their status, and where they end. */
export class AnswerReader {
  head = '';
  status = 0;
  /** Octets of the body that are still to come; negative while the head is read. */
  left = -1;

  /** @returns {number | undefined} the status of an answer that ends with this chunk */
  read(chunk) {
    let body = chunk.length;
    if (this.left < 0) {
      this.head += chunk.latin1Slice();
      const end = this.head.indexOf(END_OF_HEAD);
      if (end < 0) return undefined;
      this.status = Number(this.head.slice(9, 12));
      this.left = Number(/content-length: (\d+)/i.exec(this.head)?.[1] ?? 0);
      body = this.head.length - end - END_OF_HEAD.length;
      this.head = '';
    }
    this.left -= body;
    if (this.left > 0) return undefined;
    this.left = -1;
    return this.status;
  }
}
