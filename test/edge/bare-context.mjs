// Runs the built `nest-gatehouse/edge` in a context that has what the platforms at the edge have in common, and nothing of
// Node: no `process`, no `Buffer`, no built-in modules. Reads what to do as JSON from standard input, answers as JSON.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createContext, SourceTextModule } from 'node:vm';

const root = join(import.meta.dirname, '../..');
const { options, documents, requests, now } = JSON.parse(await text(process.stdin));

const fetched = [];
const fetchDocument = async (url) => {
  fetched.push(url);
  return url in documents ? Response.json(documents[url]) : new Response('', { status: 404 });
};
const platform = {
  crypto,
  TextEncoder,
  TextDecoder,
  URL,
  Headers,
  Request,
  Response,
  atob,
  btoa,
  fetch: fetchDocument,
};
// Octets are those of the platform's own functions, as they are where there is one realm.
const context = createContext(
  { ...platform, Uint8Array, ArrayBuffer },
  { codeGeneration: { strings: false, wasm: false } },
);

const modules = new Map();
function load(path) {
  // Its promise is kept: a module that two others import at once is one module.
  if (!modules.has(path)) modules.set(path, compile(path));
  return modules.get(path);
}
async function compile(identifier) {
  return new SourceTextModule(await readFile(identifier, 'utf8'), { context, identifier });
}
const link = (name, { identifier }) => {
  if (name.startsWith('.')) return load(join(dirname(identifier), name));
  if (name === 'jose') return load(join(root, 'node_modules/jose/dist/webapi/index.js'));
  throw new Error(`${identifier} imports ${name}`);
};

const edge = await load(join(root, 'dist/edge/index.js'));
await edge.link(link);
await edge.evaluate();
const verifier = edge.namespace.createTokenVerifier({ ...options, ...(now ? { now: () => now } : {}) });
const answers = [];
for (const { url = 'https://api.example.test/', method = 'GET', headers = {} } of requests) {
  answers.push(
    await verifier.authenticate(new Request(url, { method, headers })).then(
      ({ subject, issuer, scopes }) => ({ subject, issuer, scopes: [...scopes] }),
      async (error) => {
        const response = error.response();
        return { code: error.code, status: response.status, challenge: response.headers.get('www-authenticate') };
      },
    ),
  );
}
const globals = ['process', 'Buffer', 'require', 'global', 'setImmediate'].filter((name) => name in context);
process.stdout.write(JSON.stringify({ answers, fetched, globals, modules: [...modules.keys()] }));
