/** The hidden command under which the command line becomes a process of a comparison. */
export const WORKER_COMMAND = 'compare-worker';
