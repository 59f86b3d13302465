/**
 * The script of the page that clients' pages ask, from a frame, whether the session has changed (Session Management 1.0
 * §3.2). A question is `client_id session_state`; the answer is `unchanged`, `changed`, or `error`.
 *
 * ES5, and a hash of its own: it must run in whatever browser a client's page runs in, and Web Cryptography is not in all of
 * them. Where it cannot read the cookie because the browser keeps it from frames of other sites, it says `error`: after that
 * a client asks no further (§3.1), while `changed` would make it ask with `prompt=none`, be told that nobody is signed in,
 * and sign out somebody who is.
 */
export function checkSessionScript(cookie: string): string {
  return `(function () {
  function sha256(text) {
    var octets = unescape(encodeURIComponent(text)), words = [], h = [], k = [], n, i, t;
    function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (n = 2; k.length < 64; n += 1) {
      for (i = 2; i * i <= n && n % i; i += 1);
      if (i * i > n) {
        if (h.length < 8) h.push(fraction(Math.pow(n, 1 / 2)));
        k.push(fraction(Math.pow(n, 1 / 3)));
      }
    }
    for (i = 0; i < octets.length; i += 1) words[i >> 2] |= octets.charCodeAt(i) << (24 - (i % 4) * 8);
    words[i >> 2] |= 128 << (24 - (i % 4) * 8);
    words[(((i + 8) >> 6) << 4) + 15] = i * 8;
    function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
    for (i = 0; i < words.length; i += 16) {
      var w = [], s = h.slice(0);
      for (t = 0; t < 64; t += 1) {
        if (t < 16) w[t] = words[i + t] | 0;
        else {
          var a = w[t - 15], b = w[t - 2];
          w[t] = ((turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)) + w[t - 7] + w[t - 16]) | 0;
        }
        var one = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t]) | 0;
        var two = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
        s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
      }
      for (t = 0; t < 8; t += 1) h[t] = (h[t] + s[t]) | 0;
    }
    for (t = 0, text = ''; t < 8; t += 1) text += ('0000000' + (h[t] >>> 0).toString(16)).slice(-8);
    return text;
  }

  function browserState() {
    var found = document.cookie.match(/(^|; )${cookie}=[^;]*/g) || [];
    return found.length === 1 ? found[0].slice(found[0].indexOf('=') + 1) : undefined;
  }

  function answer(e, say) {
    var asked = /^([!-~]+) ([0-9a-f]{64})\\.([\\w-]+)$/.exec(e.data);
    if (typeof e.data !== 'string' || !asked || !/^https?:/.test(e.origin)) return say('error');
    var state = browserState();
    if (state !== undefined) {
      say(sha256(asked[1] + ' ' + e.origin + ' ' + state + ' ' + asked[3]) === asked[2] ? 'unchanged' : 'changed');
    } else if (document.hasStorageAccess) {
      document.hasStorageAccess().then(function (has) { say(has ? 'changed' : 'error'); }, function () { say('error'); });
    } else say('changed');
  }

  window.addEventListener('message', function (e) {
    if (e.source) answer(e, function (what) { e.source.postMessage(what, e.origin); });
  }, false);
})();`;
}
