import { h, type JSX } from 'preact';
import { ErrorPage } from '../../src/platform/pages/error.page.js';
import { renderPage } from '../../src/platform/pages/render.js';
import {
  acceptedLanguages,
  duration,
  languageFor,
  languages,
  sayAnything,
} from '../../src/platform/languages/languages.js';
import { type Sentence, sentences } from '../../src/platform/languages/sentences.js';
import type { Language } from '../../src/platform/languages/language.js';
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
import { magicLinkLetter } from '../../src/login/mails/letters.js';

const [english, german, , , arabic] = languages as [Language, Language, Language, Language, Language];
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).toSorted();

it.each(languages.slice(1).map((language) => [language.tag, language] as const))(
  '%s says every sentence, with its values and in words of its own',
  (_, { words }) => {
    expect(Object.keys(words).toSorted()).toEqual([...sentences].toSorted());
    for (const sentence of sentences) {
      expect([sentence, placeholders(words[sentence])]).toEqual([sentence, placeholders(sentence)]);
      if (sentence.length > 12) expect(words[sentence]).not.toBe(sentence);
    }
  },
);

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
const pages: [string, JSX.Element][] = [
  [
    'sign-in',
    h(SignInPage, {
      offers: [PasswordForm({ action: '/', hidden, forgotUrl: '/' }), 'x'],
      signUpUrl: '/',
      client,
      error: 'The username or the password is not right.',
      correlationId: 'c',
    }),
  ],
  ['second factor', h(SecondFactorPage, { username: 'alice', restartUrl: '/', offers: ['x'], client })],
  ['enrolment', h(EnrolPage, { hidden, qrCode: 'data:image/svg+xml,x', secret: 'ABCD' })],
  ['enrolled', h(EnrolledPage, { codes: ['a'], next: '/' })],
  [
    'home',
    h(HomePage, {
      ...user,
      csrfToken: 'x',
      signOutAction: '/',
      apps: [{ name: 'a', url: '/' }],
      signInUrl: '/',
      accountUrl: '/',
    }),
  ],
  ['nobody’s home', h(HomePage, { csrfToken: 'x', signOutAction: '/', signInUrl: '/' })],
  [
    'mail request',
    h(MailRequestPage, {
      title: 'Sign in by mail',
      intro: 'We send a code to your email address. You type it here.',
      action: '/',
      hidden,
      submit: 'Send me the code',
      backUrl: '/',
    }),
  ],
  ['mail sent', h(MailSentPage, { intro: 'A mail is on its way. Its link leads on to your account.', backUrl: '/' })],
  ['email code', h(EmailCodePage, { action: '/', hidden, againUrl: '/' })],
  ['magic link', h(MagicLinkPage, { action: '/', hidden, username: 'alice', againUrl: '/' })],
  ['new account', h(NewAccountPage, { hidden, email: 'a@b.test', minimumLength: 15 })],
  ['new password', h(NewPasswordPage, { hidden, username: 'alice', minimumLength: 15 })],
  ['new password done', h(PasswordIsNewPage, {})],
  ['unlinked', h(UnlinkedPage, { hidden, upstream: 'Acme', backUrl: '/', signUp: { username: 'alice' } })],
  ['consent', h(ConsentPage, consent)],
  ['device code', h(DeviceCodePage, { action: '/', csrfToken: 'x' })],
  [
    'device',
    h(DeviceConfirmPage, {
      ...consent,
      userCode: 'BCDF-GHJK',
      scopes: [{ scope: 'email', description: 'See your email address' }],
    }),
  ],
  ['device done', h(DeviceDonePage, { client, allowed: true })],
  ['form post', h(FormPostPage, { action: 'https://shop.test', fields: {} })],
  ['sign-out', h(SignOutPage, { action: '/', csrfToken: 'x', client, user })],
  [
    'signed out',
    h(SignedOutPage, {
      client,
      returnUrl: '/',
      frames: ['https://shop.test'],
      receipt: { enforced: 1, applications: 2, milliseconds: 3 },
    }),
  ],
  [
    'error',
    h(ErrorPage, {
      status: 404,
      code: 'not_found',
      message: 'There is nothing at this address.',
      parameter: 'p',
      correlationId: 'c',
      way: { href: '/', text: 'Sign out here' },
    }),
  ],
];

it.each(pages)('%s: nothing on it is left in English', (_, page) => {
  // A language in which every sentence of ours shouts: what does not, was not asked of it.
  const words = Object.fromEntries(sentences.map((one) => [one, one.replace(/[a-z](?![^{]*\})/g, '#')]));
  const loud: Language = { tag: 'xx', direction: 'rtl', words: words as Record<Sentence, string> };
  const html = renderPage(page, loud);
  expect(html).toMatch(/^<!doctype html><html lang="xx" dir="rtl"/);
  const body = html.slice(html.indexOf('<body>'));
  const attributes = [...body.matchAll(/ (?:aria-label|alt|title|placeholder|data-problem)="([^"]*)"/g)].map(
    ([, one]) => one!,
  );
  const texts = [
    ...body.replace(/<script.*?<\/script>|<code.*?<\/code>|<bdi>.*?<\/bdi>/gs, '').matchAll(/>([^<]+)</g),
  ].map(([, one]) => one!);
  const own = /Gatehouse|shop\.test|XXXX-XXXX|^\s*[a-z]\s*$|BCDF|\d ms/;
  expect([...attributes, ...texts].filter((one) => /[a-z]{2}/.test(one) && !own.test(one))).toEqual([]);
});

it('mails are in the language of the person', () => {
  const envelope = { to: 'a@b.test', name: 'Alice', service: 'Tor', language: arabic };
  const { subject, text, html } = magicLinkLetter(envelope, 'https://id.test/x', 15);
  expect(subject).toBe('تسجيل الدخول إلى Tor');
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(text.replaceAll('https://id.test/x', '').replace(/Alice|Tor/g, '')).not.toMatch(/[a-z]{2}/);
});
