import { createHash } from 'node:crypto';

/**
 * The one script of our pages: it takes `navigator.credentials` the options that a form carries, and the form back what the
 * authenticator says. It is ES5, does nothing where there is no WebAuthn, and fetches nothing. A form that it serves:
 * `data-webauthn` is `get` or `create`, `data-options` the options as JSON, `data-conditional` also offers passkeys in the
 * browser's autofill, `data-fields` the hidden fields, of which `credential` takes the answer; `.webauthn-problem` says what
 * went wrong.
 */
export const webauthnScript = `(function () {
  'use strict';
  if (!window.PublicKeyCredential || !window.Promise || !navigator.credentials) return;

  function octets(text) {
    var binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    var array = new Uint8Array(binary.length);
    for (var i = 0; i < binary.length; i += 1) array[i] = binary.charCodeAt(i);
    return array;
  }
  function text(buffer) {
    var array = new Uint8Array(buffer);
    var binary = '';
    for (var i = 0; i < array.length; i += 1) binary += String.fromCharCode(array[i]);
    return btoa(binary).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
  }
  function decoded(json) {
    var options = JSON.parse(json);
    var lists = [options.allowCredentials, options.excludeCredentials];
    options.challenge = octets(options.challenge);
    if (options.user) options.user.id = octets(options.user.id);
    for (var i = 0; i < lists.length; i += 1) {
      for (var j = 0; lists[i] && j < lists[i].length; j += 1) lists[i][j].id = octets(lists[i][j].id);
    }
    return options;
  }
  function encoded(credential) {
    var given = credential.response;
    var response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = text(given.attestationObject);
      if (given.getTransports) response.transports = given.getTransports();
    } else {
      response.authenticatorData = text(given.authenticatorData);
      response.signature = text(given.signature);
      if (given.userHandle && given.userHandle.byteLength > 0) response.userHandle = text(given.userHandle);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response });
  }

  var forms = document.querySelectorAll('form[data-webauthn]');
  var waiting = null;
  function ask(form, conditional) {
    if (waiting) waiting.abort();
    waiting = window.AbortController ? new AbortController() : null;
    var request = { publicKey: decoded(form.getAttribute('data-options')) };
    if (waiting) request.signal = waiting.signal;
    if (conditional) request.mediation = 'conditional';
    var creates = form.getAttribute('data-webauthn') === 'create';
    return navigator.credentials[creates ? 'create' : 'get'](request).then(function (credential) {
      if (!credential) return;
      form.elements.namedItem('credential').value = encoded(credential);
      form.submit();
    });
  }
  function serve(form) {
    var problem = form.querySelector('.webauthn-problem');
    var fields = JSON.parse(form.getAttribute('data-fields'));
    for (var name in fields) {
      var input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = fields[name];
      form.appendChild(input);
    }
    form.hidden = false;
    form.addEventListener('submit', function (event) {
      if (form.elements.namedItem('credential').value !== '') return;
      event.preventDefault();
      problem.hidden = true;
      ask(form, false)['catch'](function (error) {
        if (error.name === 'AbortError') return;
        problem.textContent = form.getAttribute(error.name === 'InvalidStateError' ? 'data-known' : 'data-problem');
        problem.hidden = false;
      });
    });
    if (!form.hasAttribute('data-conditional') || !PublicKeyCredential.isConditionalMediationAvailable) return;
    PublicKeyCredential.isConditionalMediationAvailable().then(function (available) {
      if (available) ask(form, true)['catch'](function () {});
    });
  }
  for (var i = 0; i < forms.length; i += 1) serve(forms[i]);
})();
`;

const version = createHash('sha256').update(webauthnScript).digest('base64url').slice(0, 16);

/** Where the script is served; the query changes with it, so that it may be kept for ever. */
export const WEBAUTHN_SCRIPT_PATH = '/webauthn.js';
export const WEBAUTHN_SCRIPT_URL = `${WEBAUTHN_SCRIPT_PATH}?v=${version}`;
