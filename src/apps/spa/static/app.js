/**
 * All of a browser-only application. It asks its backend by the session's cookie, which is HttpOnly: this script has no
 * token, keeps nothing, and cannot be robbed of anything.
 */
const status = document.querySelector('#status');
const view = document.querySelector('#view');
const SIGN_IN = '/auth/login?returnTo=/spa';
/** What the view shows now: the same again is not drawn again, so that nobody loses their place. */
let shown = '';

/** Nobody is signed in, or not any more. */
class SignedOut extends Error {}

/** @returns what the backend answers; undefined when it answers nothing */
async function ask(path, method = 'GET') {
  const response = await fetch(`/spa/api/${path}`, { method, headers: { accept: 'application/json' } });
  if (response.status === 401) throw new SignedOut();
  if (!response.ok && response.status !== 404) throw new Error(`the backend answered ${response.status}`);
  return response.headers.get('content-type')?.startsWith('application/json') ? response.json() : undefined;
}

/** An element with text or other elements in it; text is never taken for HTML. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Runs what the person wanted, says what it does, and shows whatever went wrong. */
async function attempt(saying, work) {
  if (saying) status.textContent = saying;
  try {
    status.textContent = (await work()) ?? '';
  } catch (error) {
    if (error instanceof SignedOut) showSignedOut();
    else showProblem(() => attempt(saying, work));
  }
}

async function load() {
  const [me, sessions] = await Promise.all([ask('me'), ask('sessions')]);
  showSessions(me, sessions);
}

function showSignedOut() {
  const wasSignedIn = view.querySelector('table') !== null;
  shown = '';
  status.textContent = wasSignedIn ? 'Your session has ended.' : '';
  view.replaceChildren(
    element('h1', { textContent: 'You are not signed in' }),
    element('p', { textContent: 'Signing in takes you to the provider and back to this page.' }),
    element('p', {}, element('a', { className: 'button fit', href: SIGN_IN, textContent: 'Sign in' })),
  );
}

function showProblem(again) {
  shown = '';
  status.textContent = '';
  const button = element('button', { className: 'button fit', type: 'button', textContent: 'Try again' });
  button.addEventListener('click', again);
  view.replaceChildren(
    element('h1', { textContent: 'That did not work' }),
    element('p', { className: 'notice danger', textContent: 'The portal cannot be reached right now.' }),
    element('p', {}, button),
  );
  view.querySelector('.notice').setAttribute('role', 'alert');
}

function showSessions(me, sessions) {
  const now = JSON.stringify([me, sessions.map(({ sid }) => sid)]);
  if (now === shown) return;
  shown = now;
  const signOut = element('form', { method: 'post', action: '/auth/logout' });
  signOut.append(element('button', { className: 'button quiet fit', type: 'submit', textContent: 'Sign out' }));
  const head = ['Session', ''].map((text) => element('th', { scope: 'col', textContent: text }));
  view.replaceChildren(
    element('h1', { textContent: `Hello, ${me.name}` }),
    element('p', { className: 'muted', textContent: 'These are your sessions at the portal.' }),
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...sessions.map((session) => rowOf(session))),
    ),
    signOut,
  );
}

function rowOf({ sid, isCurrent, startedAt, userAgent, ip }) {
  const where = browserOf(userAgent);
  const last = isCurrent ? element('span', { className: 'tag', textContent: 'this one' }) : endButton(sid, where);
  const since = element('span', { className: 'muted small', textContent: `since ${timeOf(startedAt)}` });
  const name = element('td', {}, `${where}, ${ip}`, element('br'), since);
  return element('tr', {}, name, element('td', {}, last));
}

function endButton(sid, where) {
  const button = element('button', { className: 'button quiet fit', type: 'button', textContent: 'End' });
  button.setAttribute('aria-label', `End the session in ${where}`);
  const end = async () => {
    await ask(`sessions/${encodeURIComponent(sid)}`, 'DELETE');
    await load();
    // The button is gone: reading goes on from the top.
    view.querySelector('h1').tabIndex = -1;
    view.querySelector('h1').focus();
    return 'The session has ended.';
  };
  button.addEventListener('click', () => attempt('Ending it …', end));
  return button;
}

function browserOf(userAgent) {
  const names = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']]; // prettier-ignore
  return names.find(([mark]) => userAgent.includes(mark))?.[1] ?? 'A browser';
}

function timeOf(milliseconds) {
  return new Date(milliseconds).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

// Whoever comes back to this tab may have been signed out meanwhile, here or elsewhere.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void attempt('', load);
});
void attempt('Loading …', load);
