/** The accents a page may take: `verdigris` is the provider's own, the others tell applications apart. */
export type Accent = 'verdigris' | 'plum' | 'rust';

/** What text in the accent's colour may stand on, beside its own tint, in each scheme: card first, then ground and inside. */
export const SURFACES = {
  light: ['#ffffff', '#f4f6f6', '#f3f4f1'],
  dark: ['#1a222d', '#0e131a', '#161d27'],
} as const;
const { light, dark } = SURFACES;

/**
 * The whole style sheet, inlined into every page. It is one constant text, so that one hash in the Content-Security-Policy
 * covers every page; for the same reason no page may use a `style` attribute: whatever varies is a class or `data-accent`.
 *
 * Colours are tokens, once for each scheme. `pages.spec.ts` computes from this text that they keep WCAG AA: 4.5:1 for text
 * on what it stands on, 3:1 for the borders of fields and the focus ring.
 */
export const css = `
:root {
  color-scheme: light dark;
  --ground: ${light[1]}; --card: ${light[0]}; --line: #d5dade; --edge: #77828d; --ink: #16202b; --muted: #505c68;
  --wall: #ccd8d9; --stone: #e2e9e9; --joint: #c9d4d5; --mould: #d6e0e0; --inside: ${light[2]}; --glow: #ffebb8;
  --accent: #0a6558; --fill: var(--accent); --on-accent: #ffffff; --soft: #e4f1ee; --danger: #a11d2b; --danger-soft: #fdeff0;
  --shadow: 0 1px 2px #16202b14, 0 12px 32px #16202b1f;
}
[data-accent=plum] { --accent: #6a3a9c; --soft: #f2ebf9; }
[data-accent=rust] { --accent: #a13f15; --soft: #fbeee6; }
@media (prefers-color-scheme: dark) {
  :root {
    --ground: ${dark[1]}; --card: ${dark[0]}; --line: #313d4b; --edge: #77879a; --ink: #eef2f5; --muted: #a8b4c1;
    --wall: #090d13; --stone: #141b25; --joint: #0b1017; --mould: #0e141c; --inside: ${dark[2]}; --glow: #54411f;
    --accent: #66d3b9; --on-accent: #04221c; --soft: #173631; --danger: #ffa3a6; --danger-soft: #3b1e24;
    --shadow: 0 1px 2px #0006, 0 16px 40px #0007;
  }
  [data-accent=plum] { --accent: #c9adf7; --on-accent: #200b3b; --soft: #2e2540; }
  [data-accent=rust] { --accent: #f5a67d; --on-accent: #321003; --soft: #3d271d; }
}

*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
}
h1, h2, p, dl, dd, ul, ol { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: 1.625rem; line-height: 1.2; letter-spacing: -.02em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1rem; line-height: 1.4; font-weight: 650; }
bdi { unicode-bidi: isolate; }
/* Letters that join must not be pulled apart. */
[lang=ar] *, [lang=ar] .brand { letter-spacing: normal; }
[dir=rtl] :is(.code, #totp-secret, .codes) { direction: ltr; }
svg { display: block; flex: none; }
a { color: var(--accent); text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.stack { display: grid; gap: 1.25rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
.near { gap: .75rem; }
.tight { gap: .375rem; }

/* The gate: an arch of stones with light inside, and the page's card in the light. */
.wall { display: flex; min-height: 100vh; min-height: 100dvh; overflow: hidden; background: var(--wall); }
.gate {
  --opening: 33rem; --radius: 16.5rem; --ring: 2.25rem; --outer: calc(var(--radius) + var(--ring));
  position: relative; isolation: isolate; flex: none; width: calc(var(--opening) + 2 * var(--ring)); margin: 3.5rem auto 0;
  padding: calc(var(--ring) + 2.75rem) calc(var(--ring) + 3.25rem) 4rem; border-radius: var(--outer) var(--outer) 0 0;
  box-shadow: 0 0 0 .625rem var(--mould);
  background:
    repeating-conic-gradient(from -90deg at 50% 100%, var(--joint) 0 .15deg, var(--stone) .3deg 10.45deg, var(--joint) 10.588deg)
      0 0 / 100% var(--outer) no-repeat,
    repeating-linear-gradient(var(--stone) 0 3.25rem, var(--joint) 3.25rem calc(3.25rem + 2px)) 0 var(--outer) no-repeat;
}
.gate::before {
  content: ""; position: absolute; z-index: -1; inset: var(--ring) var(--ring) 0; border-radius: var(--radius) var(--radius) 0 0;
  background: radial-gradient(20rem 22rem at 50% 5rem, var(--glow), transparent) var(--inside);
}
.brand {
  display: grid; justify-items: center; gap: .5rem; margin-bottom: 1.75rem;
  font-size: .8125rem; font-weight: 650; letter-spacing: .2em; text-indent: .2em; text-transform: uppercase;
}
.brand img { max-width: 100%; max-height: 4rem; }
.foot { margin-top: 1.5rem; text-align: center; }
.card { padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
.gate .card { box-shadow: var(--shadow); }

/* Forms, and what a card holds. */
label { display: block; margin-bottom: .375rem; font-size: .9375rem; font-weight: 600; }
.field {
  display: block; width: 100%; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
}
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; letter-spacing: .15em; text-transform: uppercase; }
.big { font-size: 1.75rem; font-weight: 650; line-height: 1.3; }
.button {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 2.875rem; padding: .5rem 1.25rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--fill); border: 1px solid var(--accent); border-radius: .5rem;
}
.button:hover { filter: brightness(1.12); }
.quiet { color: var(--ink); background: transparent; border-color: var(--edge); }
.quiet:hover { filter: none; background: var(--soft); }
.fit { width: auto; display: inline-flex; }
.actions { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
.actions .button { padding-inline: .5rem; }
.notice { padding: .75rem 1rem; border-radius: .5rem; border-inline-start: 4px solid var(--accent); background: var(--soft); }
.danger { border-color: var(--danger); background: var(--danger-soft); color: var(--danger); }
.tile {
  position: relative; display: grid; place-items: center; flex: none; overflow: hidden; width: 3rem; height: 3rem;
  font-size: 1.25rem; font-weight: 650; color: var(--accent); background: var(--soft); border-radius: .75rem;
}
.tile img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; background: #fff; }
.tile img::before { content: attr(data-initial); position: absolute; inset: 0; display: grid; place-items: center; background: var(--soft); }
.round { border-radius: 50%; }
.round img { object-fit: cover; }
.or { display: flex; align-items: center; gap: .75rem; }
.or::before, .or::after { content: ''; flex: 1; border-top: 1px solid var(--line); }
.code { font-variant-numeric: tabular-nums; letter-spacing: .08em; }
.qr { display: block; width: 13.75rem; height: 13.75rem; margin: 0 auto; border-radius: .5rem; }
.steps { padding-inline-start: 1.25rem; list-style: decimal; display: grid; gap: .375rem; }
.codes { list-style: none; display: grid; gap: .375rem .75rem; grid-template-columns: repeat(auto-fit, minmax(15.5rem, 1fr)); }
summary { cursor: pointer; font-weight: 600; color: var(--accent); }
.row { display: flex; align-items: center; gap: .875rem; }
.row > :last-child { min-width: 0; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .875rem; }
.list { display: grid; gap: .75rem; }
.list > li { display: flex; gap: .75rem; }
.list svg { margin-top: .2rem; color: var(--accent); }
.facts { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: .5rem 1.5rem; }
.facts dt { color: var(--muted); }
.hint { margin-top: .5rem; }
.box { padding: 1rem; background: var(--ground); border-radius: .5rem; font-size: .875rem; }
.letter { white-space: pre-wrap; unicode-bidi: plaintext; }
.doors { display: grid; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.doors li + li { border-top: 1px solid var(--line); }
.doors > li > a { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 1rem; font-weight: 600; text-decoration: none; outline-offset: -3px; }
.doors .entry { padding: .75rem 1rem; }
.doors > li > a:hover { background: var(--soft); }

/* A page of an application behind the gate. */
.app { display: flex; flex-direction: column; min-height: 100vh; min-height: 100dvh; }
.app main { flex: 1; }
.app footer { padding-block: 1.5rem; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); border-top: .25rem solid var(--accent); }
.width { width: min(100%, 62rem); margin: 0 auto; padding: 0 1.25rem; }
.bar .width { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem 1.5rem; padding-block: .75rem; }
.name { font-weight: 650; font-size: 1.125rem; letter-spacing: -.01em; color: inherit; text-decoration: none; }
.icon { padding: .375rem; width: 2.25rem; height: 2.25rem; border-radius: .625rem; color: var(--on-accent); background: var(--fill); }
.who { max-width: 12rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hero { position: relative; overflow: hidden; background: var(--soft); padding: 4rem 0; }
.hero > svg { position: absolute; right: max(-3rem, 50% - 30rem); bottom: -4rem; color: var(--accent); opacity: .14; }
.hero .width { position: relative; }
.hero h1 { font-size: clamp(1.875rem, 5vw, 2.75rem); letter-spacing: -.03em; max-width: 22ch; }
.hero p { max-width: 38rem; font-size: 1.0625rem; }
.body { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); padding-block: 2rem 4rem; }
.pair { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); align-items: start; }
ul.pair { align-items: stretch; }
@media (min-width: 58rem) {
  .uneven { grid-template-columns: 3fr 2fr; }
  .uneven > :last-child .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .uneven > :last-child .facts dd + dt { margin-top: .625rem; }
}
table { width: 100%; border-collapse: collapse; }
th, td { padding-block: .625rem; padding-inline: 0 .75rem; text-align: start; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; padding-bottom: 0; }
th { padding-top: 0; overflow-wrap: normal; font-size: .875rem; font-weight: 600; color: var(--muted); }
.words { min-width: 5.5rem; }
.number { width: 1%; padding-inline-end: 2rem; text-align: end; font-variant-numeric: tabular-nums; }
.tag { display: inline-block; overflow-wrap: break-word; padding: .0625rem .625rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; color: var(--accent); background: var(--soft); }
@media (max-width: 58rem) { .hero > svg { display: none; } }
@media (max-width: 38rem) {
  .gate { --opening: 100vw; --radius: 50vw; --ring: 1.25rem; margin: 2.75rem calc(-1 * var(--ring)) 0; padding: calc(var(--ring) + 2.25rem) calc(var(--ring) + 1rem) 2.5rem; }
  .card { padding: 1.5rem 1.25rem; }
  .hero { padding: 2.25rem 0; }
  .number { padding-inline-end: 1rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd + dt { margin-top: .625rem; }
}
@media (max-width: 26rem) {
  .body .card { padding: 1.25rem 1rem; }
  th, td, .number { padding-inline-end: .5rem; }
  th, .tag { font-size: .75rem; }
  .tag { padding-inline: .5rem; }
}
@media (max-width: 22rem) { .minor { display: none; } .words { min-width: 4.75rem; } }
`;
