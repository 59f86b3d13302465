import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { h, type JSX } from 'preact';
import ts from 'typescript';
import type { AuditRecord } from '../../src/audit/audit-event.js';
import type { PersonApplication } from '../../src/authorizations/person-applications.js';
import type { Receipt } from '../../src/authorizations/revocation-receipts.js';
import { ErrorPage } from '../../src/platform/pages/error.page.js';
import { List } from '../../src/platform/pages/list.js';
import { knownTimeZone, Moment } from '../../src/platform/pages/moment.js';
import { renderPage } from '../../src/platform/pages/render.js';
import {
  acceptedLanguages,
  duration,
  isOurs,
  languageFor,
  languages,
  say,
  sayAnything,
} from '../../src/platform/languages/languages.js';
import { type Sentence, sentences } from '../../src/platform/languages/sentences.js';
import type { Forms, Language } from '../../src/platform/languages/language.js';
import { ApplicationsPage } from '../../src/account/pages/applications.page.js';
import { AuthenticatorPage } from '../../src/account/pages/authenticator.page.js';
import { CredentialPage } from '../../src/account/pages/credential.page.js';
import { DataPage } from '../../src/account/pages/data.page.js';
import { ConfirmEmailPage, EmailPage, EmailUndonePage, MailOnItsWayPage } from '../../src/account/pages/email.page.js';
import { EventsPage } from '../../src/account/pages/events.page.js';
import { PasskeyPage } from '../../src/account/pages/passkey.page.js';
import { PasswordPage } from '../../src/account/pages/password.page.js';
import { ProfilePage } from '../../src/account/pages/profile.page.js';
import { NewRecoveryCodesPage, RecoveryCodesPage } from '../../src/account/pages/recovery-codes.page.js';
import { RemovalPage, RemovedPage } from '../../src/account/pages/removal.page.js';
import { SecurityPage } from '../../src/account/pages/security.page.js';
import { EverywhereSignedOutPage, SessionsPage } from '../../src/account/pages/sessions.page.js';
import { UpstreamPage } from '../../src/account/pages/upstream.page.js';
import { addressChangedLetter, addressIsTakenLetter, confirmAddressLetter } from '../../src/account/letters.js';
import { ConsentPage } from '../../src/identity-provider/pages/consent.page.js';
import { DeviceCodePage, DeviceConfirmPage, DeviceDonePage } from '../../src/identity-provider/pages/device.page.js';
import { FormPostPage } from '../../src/identity-provider/pages/form-post.page.js';
import { SignedOutPage, SignOutPage } from '../../src/identity-provider/pages/sign-out.page.js';
import { EnrolledPage, EnrolPage } from '../../src/login/pages/enrol.page.js';
import { HomePage } from '../../src/login/pages/home.page.js';
import { EmailCodePage, MagicLinkPage, MailRequestPage, MailSentPage } from '../../src/login/pages/mail.pages.js';
import { NewAccountPage } from '../../src/login/pages/new-account.page.js';
import { NewPasswordPage, PasswordIsNewPage } from '../../src/login/pages/new-password.page.js';
import { PasswordForm } from '../../src/login/pages/password-form.js';
import { SecondFactorPage } from '../../src/login/pages/second-factor.page.js';
import { SignInPage } from '../../src/login/pages/sign-in.page.js';
import { UnlinkedPage } from '../../src/login/pages/unlinked.page.js';
import * as letters from '../../src/login/mails/letters.js';
import { composeMail } from '../../src/platform/mail/compose.js';
import { MailLook } from '../../src/platform/mail/mail-look.js';
import { SignInFailedPage } from '../../src/relying-party/pages/sign-in-failed.page.js';

const [english, german, , , arabic] = languages as [Language, Language, Language, Language, Language];
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).toSorted();

const textsOf = (words: string | Forms): string[] =>
  typeof words === 'string' ? [words] : Object.entries(words).flatMap(([form, text]) => (form === 'by' ? [] : text));

it.each(languages.map((language) => [language.tag, language] as const))(
  '%s says every sentence, with its values and in words of its own',
  (tag, { words }) => {
    expect(Object.keys(words).toSorted()).toEqual([...sentences].toSorted());
    const numbers = new Intl.PluralRules(tag);
    const needed = new Set(Array.from({ length: 103 }, (_, number) => numbers.select(number)));
    for (const sentence of sentences) {
      const found = words[sentence];
      const other = typeof found === 'string' ? found : found.other;
      expect([sentence, placeholders(other)]).toEqual([sentence, placeholders(sentence)]);
      if (tag !== 'en' && sentence.length > 12) expect(textsOf(found)).not.toContain(sentence);
      if (typeof found === 'string') continue;
      // A form for a number may leave the number out ("one code", "no code"), but knows no other value.
      for (const text of textsOf(found)) {
        expect(placeholders(sentence)).toEqual(expect.arrayContaining(placeholders(text)));
      }
      expect([sentence, ...needed].toSorted()).toEqual(
        [sentence, ...Object.keys(found).filter((form) => form !== 'by')].toSorted(),
      );
    }
  },
);

it.each([
  ['en', 1, '1 recovery code left.'],
  ['en', 2, '2 recovery codes left.'],
  ['de', 1, 'Noch 1 Wiederherstellungscode übrig.'],
  ['de', 0, 'Noch 0 Wiederherstellungscodes übrig.'],
  ['fr', 0, 'Il reste 0 code de secours.'],
  ['fr', 2, 'Il reste 2 codes de secours.'],
  ['es', 1, 'Queda 1 código de recuperación.'],
  ['ar', 0, 'لم يبقَ أي رمز استرداد.'],
  ['ar', 1, 'بقي رمز استرداد واحد.'],
  ['ar', 2, 'بقي رمزا استرداد.'],
  ['ar', 5, 'بقيت 5 رموز استرداد.'],
  ['ar', 11, 'بقي 11 رمز استرداد.'],
  ['ar', 100, 'بقي 100 رمز استرداد.'],
])('in %s, %d recovery codes are “%s”', (tag, count, words) => {
  expect(say(languageFor([tag])!, '{count} recovery codes left.', { count })).toBe(words);
});

it.each([
  ['en', 1, 1, '1 of 1 application enforced it.'],
  ['en', 1, 3, '1 of 3 applications enforced it.'],
  ['de', 1, 1, 'Umgesetzt von 1 von 1 Anwendung.'],
  ['fr', 1, 3, '1 application sur 3 l’a appliqué.'],
  ['fr', 2, 3, '2 applications sur 3 l’ont appliqué.'],
  ['es', 2, 3, 'Aplicado por 2 de 3 aplicaciones.'],
  ['ar', 1, 2, 'نفّذه 1 من تطبيقين.'],
  ['ar', 3, 3, 'نفّذه 3 من 3 تطبيقات.'],
])('in %s, %d of %d applications are “%s”', (tag, enforced, applications, words) => {
  const sentence = '{enforced} of {applications} applications enforced it.';
  expect(say(languageFor([tag])!, sentence, { enforced, applications })).toBe(words);
});

it.each([
  [['de-AT'], 'de'],
  [['tlh', 'FR-ca', 'es'], 'fr'],
  [['ar-EG-u-nu-latn'], 'ar'],
  [['tlh'], undefined],
  [['../../etc/passwd', '', '-'], undefined],
  [[], undefined],
])('for the wishes %j there is %s', (wishes, tag) => {
  expect(languageFor(wishes)?.tag).toBe(tag);
});

it.each([
  ['de-CH, en;q=0.5, fr;q=0.9', ['de-CH', 'fr', 'en']],
  ['en;q=0, es', ['es']],
  ['*, de;q=2, ;;;', []],
  [undefined, []],
])('an Accept-Language of %j wishes for %j', (header, wishes) => {
  expect(acceptedLanguages(header)).toEqual(wishes);
});

it('puts numbers as people say them, and finds a value in a sentence that was put together', () => {
  expect([english, german, arabic].map((one) => duration(one, 1, 'minute'))).toEqual(['1 minute', '1 Minute', 'دقيقة']);
  expect(duration(german, 15, 'minute')).toBe('15 Minuten');
  const refusal =
    'A password has at least 15 characters. A few words that do not belong together are easy to remember.';
  expect(sayAnything(german, refusal)).toMatch(/^Ein Passwort hat mindestens 15 Zeichen\./);
  expect(sayAnything(arabic, refusal.replace('15', '8'))).toMatch(/^لكلمة المرور 8 أحرف على الأقل/);
  expect(sayAnything(german, 'what a stranger calls themselves')).toBe('what a stranger calls themselves');
});

const client = {
  name: 'Shop',
  policyUrl: 'https://shop.test/p',
  termsUrl: 'https://shop.test/t',
  clientUrl: 'https://shop.test',
};
const user = { name: 'Alice', username: 'alice' };
const hidden = { csrf: 'x' };
const consent = {
  action: '/consent',
  csrfToken: 'x',
  interaction: 'i',
  client,
  user,
  scopes: [],
  resources: ['https://api.test'],
};
const REFUSED = 'This form was not sent from our own page. Go back and try again.';
const credential = { id: 'a', name: 'ACME', createdAt: 0, synced: true };
const profile = { name: 'A', given_name: undefined, family_name: undefined, nickname: undefined, locale: 'pt-BR' };
const session = {
  sid: 's',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
  ip: '192.0.2.1',
  startedAt: 0,
  lastSeenAt: 0,
  applications: ['ACME', '', 'EMCA'],
  here: true,
};
const receipt: Receipt = {
  seq: 1,
  revokedAt: 0,
  applications: [
    { clientId: 'a', name: '', enforced: false, instances: [{ instance: 'i' }] },
    { clientId: 'b', name: 'B', enforced: true, instances: [] },
  ],
  enforced: 1,
};
const application: PersonApplication = {
  clientId: 'c',
  view: client,
  scopes: ['openid', 'email', 'profile'],
  since: 0,
  latest: 0,
  offline: true,
};
// Each of them, or it does not compile.
const EVENTS: Record<AuditRecord['event'], true> = {
  sign_in: true,
  sign_in_refused: true,
  signed_out: true,
  signed_out_everywhere: true,
  consent_given: true,
  consent_withdrawn: true,
  profile_changed: true,
  data_downloaded: true,
  credential_added: true,
  credential_renamed: true,
  credential_removed: true,
  credentials_reset: true,
  password_changed: true,
  password_reset_requested: true,
  mail_sign_in_requested: true,
  email_change_requested: true,
  email_changed: true,
  email_change_undone: true,
  email_verified: true,
  user_added: true,
  roles_changed: true,
  user_suspended: true,
  user_restored: true,
  user_removed: true,
};
const KINDS = ['password', 'passkey', 'totp', 'recovery_codes', 'federated'];
const events = (Object.keys(EVENTS) as AuditRecord['event'][]).map((event, index): AuditRecord => {
  const kind = KINDS[index];
  return { at: 0, event, detail: kind ? { kind } : {}, ip: index ? '192.0.2.1' : '', userAgent: '', correlationId: '' };
});
const pages: [string, JSX.Element][] = [
  [
    'SignInPage',
    h(SignInPage, {
      offers: [PasswordForm({ action: '/', hidden, forgotUrl: '/' }), 'x'],
      signUpUrl: '/',
      client,
      error: 'The username or the password is not right.',
      correlationId: 'c',
    }),
  ],
  ['SecondFactorPage', h(SecondFactorPage, { username: 'alice', restartUrl: '/', offers: ['x'], client })],
  ['EnrolPage', h(EnrolPage, { hidden, qrCode: 'data:image/svg+xml,x', secret: 'ABCD' })],
  ['EnrolledPage', h(EnrolledPage, { codes: ['a'], next: '/' })],
  [
    'HomePage',
    h(HomePage, {
      ...user,
      csrfToken: 'x',
      signOutAction: '/',
      apps: [{ name: 'a', url: '/' }],
      signInUrl: '/',
      accountUrl: '/',
    }),
  ],
  ['HomePage, of nobody', h(HomePage, { csrfToken: 'x', signOutAction: '/', signInUrl: '/' })],
  [
    'MailRequestPage',
    h(MailRequestPage, {
      title: 'Sign in by mail',
      intro: 'We send a code to your email address. You type it here.',
      action: '/',
      hidden,
      submit: 'Send me the code',
      backUrl: '/',
    }),
  ],
  [
    'MailSentPage',
    h(MailSentPage, { intro: 'A mail is on its way. Its link leads on to your account.', backUrl: '/' }),
  ],
  ['EmailCodePage', h(EmailCodePage, { action: '/', hidden, againUrl: '/' })],
  ['MagicLinkPage', h(MagicLinkPage, { action: '/', hidden, username: 'alice', againUrl: '/' })],
  ['NewAccountPage', h(NewAccountPage, { hidden, email: 'a@b.test', minimumLength: 15 })],
  ['NewPasswordPage', h(NewPasswordPage, { hidden, username: 'alice', minimumLength: 15 })],
  ['PasswordIsNewPage', h(PasswordIsNewPage, {})],
  ['UnlinkedPage', h(UnlinkedPage, { hidden, upstream: 'Acme', backUrl: '/', signUp: { username: 'alice' } })],
  ['ConsentPage', h(ConsentPage, consent)],
  ['DeviceCodePage', h(DeviceCodePage, { action: '/', csrfToken: 'x' })],
  [
    'DeviceConfirmPage',
    h(DeviceConfirmPage, {
      ...consent,
      userCode: 'BCDF-GHJK',
      scopes: [{ scope: 'email', description: 'See your email address' }],
    }),
  ],
  ['DeviceDonePage', h(DeviceDonePage, { client, allowed: true })],
  ['FormPostPage', h(FormPostPage, { action: 'https://shop.test', fields: {} })],
  ['SignOutPage', h(SignOutPage, { action: '/', csrfToken: 'x', client, user })],
  [
    'SignedOutPage',
    h(SignedOutPage, {
      client,
      returnUrl: '/',
      frames: ['https://shop.test'],
      receipt: { enforced: 1, applications: 2, milliseconds: 3 },
    }),
  ],
  [
    'ErrorPage',
    h(ErrorPage, {
      status: 404,
      code: 'not_found',
      message: 'There is nothing at this address.',
      parameter: 'p',
      correlationId: 'c',
      way: { href: '/', text: 'Sign out here' },
    }),
  ],
  [
    'SecurityPage',
    SecurityPage({
      username: 'alice',
      passkeys: [credential],
      canAddPasskey: true,
      authenticators: [credential],
      recoveryCodes: 3,
      upstream: true,
      password: true,
      removal: true,
      profile: true,
      email: true,
    }),
  ],
  [
    'SecurityPage, of somebody new',
    SecurityPage({
      username: 'alice',
      passkeys: [],
      canAddPasskey: true,
      authenticators: [],
      recoveryCodes: 0,
      upstream: false,
      password: false,
      removal: false,
      profile: false,
      email: false,
    }),
  ],
  ['AuthenticatorPage', AuthenticatorPage({ hidden, qrCode: 'data:image/svg+xml,x', secret: 'ABCD', error: REFUSED })],
  ['CredentialPage', CredentialPage({ csrf: 'x', kind: 'passkey', credential, error: REFUSED })],
  [
    'CredentialPage, of an app',
    CredentialPage({ csrf: 'x', kind: 'totp', credential: { ...credential, lastUsedAt: 1 } }),
  ],
  ['PasskeyPage', PasskeyPage({ csrf: 'x', options: {}, script: '/x.js', error: REFUSED })],
  ['RecoveryCodesPage', RecoveryCodesPage({ codes: ['a'] })],
  ['NewRecoveryCodesPage', NewRecoveryCodesPage({ csrf: 'x', left: 0 })],
  ['NewRecoveryCodesPage, some left', NewRecoveryCodesPage({ csrf: 'x', left: 2 })],
  ['PasswordPage', PasswordPage({ csrf: 'x', username: 'alice', minimumLength: 15, error: REFUSED })],
  ['EmailPage', EmailPage({ csrf: 'x', verified: false, error: REFUSED })],
  ['EmailPage, with one', EmailPage({ csrf: 'x', current: 'a@b.test', verified: true })],
  ['EmailPage, to be confirmed', EmailPage({ csrf: 'x', current: 'a@b.test', verified: false })],
  ['MailOnItsWayPage', MailOnItsWayPage({ email: 'a@b.test' })],
  ['ConfirmEmailPage', ConfirmEmailPage({ csrf: 'x', action: '/', email: 'a@b.test', undo: false })],
  ['ConfirmEmailPage, to undo', ConfirmEmailPage({ csrf: 'x', action: '/', email: 'a@b.test', undo: true })],
  ['EmailUndonePage', EmailUndonePage()],
  ['ProfilePage', ProfilePage({ csrf: 'x', username: 'alice', profile, saved: true, error: REFUSED })],
  ['DataPage', DataPage({ csrf: 'x' })],
  ['RemovalPage', RemovalPage({ csrf: 'x', username: 'alice', error: REFUSED })],
  ['RemovedPage', RemovedPage()],
  [
    'SessionsPage',
    SessionsPage({ csrf: 'x', sessions: [session, { ...session, ip: '', userAgent: '' }], ended: true, receipt }),
  ],
  ['EverywhereSignedOutPage', EverywhereSignedOutPage({ receipt: { ...receipt, milliseconds: 12 } })],
  ['ApplicationsPage', ApplicationsPage({ csrf: 'x', applications: [application] })],
  ['ApplicationsPage, empty', ApplicationsPage({ csrf: 'x', applications: [] })],
  ['EventsPage', EventsPage({ events, applications: new Map() })],
  [
    'UpstreamPage',
    UpstreamPage({ csrf: 'x', linked: [credential], upstreams: [{ id: 'a', name: 'ACME' }], error: REFUSED }),
  ],
  ['UpstreamPage, empty', UpstreamPage({ csrf: 'x', linked: [], upstreams: [] })],
  [
    'SignInFailedPage',
    SignInFailedPage({
      code: 'access_denied',
      message: 'You, or a rule of the provider, did not allow this application to sign you in.',
      retryUrl: '/',
      correlationId: 'c',
    }),
  ],
];

// A language in which every sentence of ours shouts: what does not, was not asked of it. Dates and lists are in Arabic.
const loud: Language = {
  tag: 'ar',
  name: '',
  direction: 'rtl',
  words: Object.fromEntries(sentences.map((one) => [one, one.replace(/[a-z](?![^{]*\})/g, '#')])) as Language['words'],
};
const STRANGERS =
  /English|Deutsch|Français|Español|Gatehouse|shop\.test|XXXX-XXXX|^\s*[a-z]\s*$|BCDF|Firefox|Windows|^UTC$/;

/** What people read on a page, and hear: names of strangers and codes apart. */
function spoken(html: string): string[] {
  const attributes = [...html.matchAll(/ (?:aria-label|alt|title|placeholder|data-problem|data-known)="([^"]*)"/g)];
  const shown = html.replace(/<style.*?<\/style>|<script.*?<\/script>|<code.*?<\/code>|<bdi>(?!<).*?<\/bdi>/gs, '');
  return [...attributes, ...shown.matchAll(/>([^<]+)</g)].map(([, one]) => one!);
}

it.each(pages)('%s: nothing on it is left in English', (_, page) => {
  const html = renderPage(page, loud);
  expect(html).toMatch(/^<!doctype html><html lang="ar" dir="rtl"/);
  expect(spoken(html).filter((one) => /[a-z]{2}/.test(one) && !STRANGERS.test(one))).toEqual([]);
});

it.each(languages.slice(1).map((language) => [language.tag, language] as const))(
  'in %s no page says a sentence of the English catalogue',
  (_, language) => {
    const english = new Set(sentences.filter((one) => one.length > 12));
    const left = pages.flatMap(([name, page]) =>
      spoken(renderPage(page, language)).flatMap((one) => (english.has(one as Sentence) ? `${name}: ${one}` : [])),
    );
    expect(left).toEqual([]);
  },
);

const ROOMS = ['account', 'identity-provider', 'login', 'relying-party'];
const sourcesIn = (room: string) =>
  readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join('src', room, file));

it('every page is looked at here', () => {
  const files = [
    ...ROOMS.flatMap(sourcesIn).filter((file) => /\/pages\//.test(file)),
    'src/platform/pages/error.page.tsx',
  ];
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^export function (\w+Page)\(/gm)].map(([, name]) => name!),
  );
  // Frames of pages, which have no words of their own.
  const frames = ['AccountPage', 'StepPage'];
  expect(found.filter((name) => !frames.includes(name)).toSorted()).toEqual(
    [...new Set(pages.map(([name]) => name.split(',')[0]!))].toSorted(),
  );
});

/** Thrown, and shown to people; `Error` is for programmers and operators. */
const REFUSALS = ['PageError', 'SignInRefused', 'PasswordError', 'UsernameError', 'EmailError'];

/** What stands in a file for people to read and is no sentence of the catalogue. @param everything each text that looks like one. */
function unknownIn(file: string, everything: boolean): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false);
  const found: string[] = [];
  const textOf = (node: ts.Node): string | undefined => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
    if (!ts.isTemplateExpression(node)) return undefined;
    return node.head.text + node.templateSpans.map(({ literal }) => `1${literal.text}`).join('');
  };
  const visit = (node: ts.Node, shown: boolean): void => {
    if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text)) found.push(node.text.trim());
    const thrown = ts.isNewExpression(node) && ts.isIdentifier(node.expression) ? node.expression.text : '';
    const inside = REFUSALS.includes(thrown) || (shown && !thrown.endsWith('Error'));
    const text = textOf(node);
    if (text !== undefined && inside && /^[A-Z1][^]* [^]*[a-z][.?!]$/.test(text) && !isOurs(text)) found.push(text);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(source, everything);
  return found.map((text) => `${file}: ${text}`);
}

it('what people are shown is in the catalogue, wherever it is written', () => {
  const files = [...ROOMS, 'interactions', 'users', 'platform/http', 'platform/pages', 'platform/mail'].flatMap(
    sourcesIn,
  );
  // The frame of the sample applications, whose words are English.
  const others = ['src/platform/pages/app-page.tsx'];
  const everything =
    /^src\/(account|login|platform|identity-provider\/(authorize|device|logout|pages))\/|security-notices/;
  expect(
    files.filter((file) => !others.includes(file)).flatMap((file) => unknownIn(file, everything.test(file))),
  ).toEqual([]);
});

const everyText = ({ words }: Language) =>
  Object.values(words).flatMap((text) => (typeof text === 'string' ? [text] : Object.values(text)));

it.each([
  ['de', /(?<!\p{L})(?:du|dein\p{L}*|dir|dich)(?!\p{L})/iu],
  ['fr', /(?<!\p{L})(?:tu|ton|ta|tes|toi)(?!\p{L})/iu],
  ['es', /(?<!\p{L})(?:tú|tu|tus|ti|contigo)(?!\p{L})/iu],
])('%s says the polite word for “you”, everywhere', (tag, familiar) => {
  expect(everyText(languageFor([tag])!).filter((text) => familiar.test(text))).toEqual([]);
});

it('French has no space before ; : ! ? at which a line could break', () => {
  expect(
    everyText(languageFor(['fr'])!).filter((text) => /(?:^|[^\u00a0\u202f])[;:!?]|[^\s] [;:!?]/.test(text)),
  ).toEqual([]);
});

it('German has a capital letter after a colon where a sentence begins', () => {
  const sentence = /: (?:ich|sie|er|es|wir|das|dies\p{L}*|\p{Ll}+en Sie)\b/u;
  expect(everyText(german).filter((text) => sentence.test(text))).toEqual([]);
});

const URL = 'https://id.test/x';
const everyLetter = (language: Language) => {
  const envelope = { to: 'a@b.test', name: 'ALICE', service: 'TOR', language };
  return [
    letters.magicLinkLetter(envelope, URL, 15),
    letters.emailCodeLetter(envelope, '123456', 1),
    letters.passwordResetLetter(envelope, URL, 30),
    letters.noPasswordLetter(envelope, URL),
    letters.signUpLetter({ to: 'a@b.test', service: 'TOR', language }, URL, 24),
    letters.alreadySignedUpLetter(envelope, URL),
    confirmAddressLetter(envelope, URL, 24),
    addressIsTakenLetter(envelope),
    addressChangedLetter(envelope, 'N@B.TEST', URL, 7),
  ].map((letter) => composeMail(letter, MailLook.of({})));
};

it('no mail says anything that is not in the language, plain or in HTML', () => {
  const mails = everyLetter(loud);
  expect(mails).toHaveLength(Object.keys(letters).length + 3);
  for (const { subject, text, html } of mails) {
    const said = [subject, text, ...spoken(html)].map((one) => one.replaceAll(URL, ''));
    expect(said.filter((one) => /[a-z]{2}/.test(one))).toEqual([]);
  }
});

it('mails are in the language of the person', () => {
  const [magicLink, , , , , , , , addressChanged] = everyLetter(arabic);
  expect(magicLink!.subject).toBe('تسجيل الدخول إلى TOR');
  expect(magicLink!.html).toContain('<html lang="ar" dir="rtl">');
  expect(magicLink!.html).toContain('<div lang="ar" dir="rtl"');
  expect(magicLink!.html).toContain(`<span dir="ltr">${URL}</span>`);
  expect(addressChanged!.text).toContain('خلال 7 أيام');
  expect(everyLetter(german)[8]!.text).toContain('haben Sie 7 Tage Zeit');
  // What is written in the other direction moves nothing around it, in either form.
  expect(addressChanged!.text).toContain('\u2068N@B.TEST\u2069');
  expect(addressChanged!.html).toContain('\u2068N@B.TEST\u2069');
  expect(everyLetter(german).some(({ text }) => text.includes('\u2068'))).toBe(false);
  const greeted = letters.magicLinkLetter(
    { to: 'a@b.test', name: 'م\u202eحمد', service: 'TOR', language: german },
    URL,
    15,
  );
  expect(composeMail(greeted, MailLook.of({})).text).toContain('Guten Tag \u2068محمد\u2069,');
});

it.each([
  ['en', 'UTC', '1 Jan 1970, 00:00 UTC'],
  ['de', 'Europe/Berlin', '1. Jan. 1970, 01:00 MEZ'],
  ['es', 'Not/AZone', '1 ene 1970, 0:00 UTC'],
  ['fr', 42, '1 janv. 1970, 00:00 UTC'],
])('in %s and %j the epoch began at %s', (tag, zone, words) => {
  const html = renderPage(h(Moment, { at: 0 }), languageFor([tag])!, undefined, knownTimeZone(zone));
  expect(html).toContain(`<time datetime="1970-01-01T00:00:00.000Z">${words}</time>`);
});

it.each([
  ['en', 'a, b and c'],
  ['ar', 'a وb وc'],
])('a list in %s is “%s”', (tag, words) => {
  expect(renderPage(h(List, { items: ['a', 'b', 'c'] }), languageFor([tag])!)).toContain(words);
});
