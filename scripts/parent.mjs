/**
 * npm runs a script under a shell and hands SIGTERM to that shell only, which dies of it and leaves us running, unaware.
 * So when our parent changes, that counts as SIGTERM. (It may be the second one, when all of us were sent it.)
 */
export function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}
