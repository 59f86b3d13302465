// One process of open-load.mjs. Requests are bytes that were made before, and of an answer only its status and its end are
// read: a client that is cheaper than the server, on a core that it shares with PostgreSQL.
import { connect } from 'node:net';
import { AnswerReader } from './answer-reader.mjs';

const TICK_MILLISECONDS = 5;
/** Whoever was asked at the end has so long to answer. */
const GRACE_MILLISECONDS = 2_000;
const AGAIN_AFTER_MILLISECONDS = 100;

process.once('message', ({ host, port, texts, perSecond, seconds, connections }) => {
  const requests = texts.map((text) => Buffer.from(text));
  const told = { sent: 0, late: 0, broken: 0, unanswered: 0, statuses: {}, firstAnswers: [] };
  const free = [];
  let turn = Math.floor(Math.random() * requests.length);
  let isOver = false;
  const begun = performance.now();
  for (let count = 0; count < connections; count += 1) open();
  const ticking = setInterval(tick, TICK_MILLISECONDS);
  setTimeout(end, seconds * 1000);

  function tick() {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    while (told.sent < due) {
      const line = free.pop();
      if (!line) {
        told.late += 1;
        return;
      }
      send(line);
    }
  }

  function send(line) {
    told.sent += 1;
    line.isAsked = true;
    line.socket.write(requests[turn++ % requests.length]);
  }

  function open() {
    const line = {
      socket: connect(port, host),
      isAsked: false,
      askedFor: performance.now(),
      reader: new AnswerReader(),
    };
    // The first is asked at once: how long does whoever comes new wait?
    send(line);
    line.socket
      .setNoDelay(true)
      .on('data', (chunk) => read(line, chunk))
      .on('error', () => {})
      .on('close', () => {
        if (isOver) return;
        if (line.isAsked) told.broken += 1;
        const place = free.indexOf(line);
        if (place >= 0) free.splice(place, 1);
        setTimeout(open, AGAIN_AFTER_MILLISECONDS);
      });
  }

  function read(line, chunk) {
    const status = line.reader.read(chunk);
    if (status === undefined) return;
    told.statuses[status] = (told.statuses[status] ?? 0) + 1;
    line.isAsked = false;
    if (line.askedFor !== undefined) told.firstAnswers.push(performance.now() - line.askedFor);
    line.askedFor = undefined;
    free.push(line);
  }

  function end() {
    clearInterval(ticking);
    setTimeout(() => {
      isOver = true;
      const answered = Object.values(told.statuses).reduce((sum, count) => sum + count, 0);
      told.unanswered = told.sent - answered - told.broken;
      process.send(told, () => process.exit());
    }, GRACE_MILLISECONDS);
  }
});
