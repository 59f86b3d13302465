// node command-line.mjs <socket> <arguments>: one command line, run by the test that listens there (see apps/command-line.ts).
import { once } from 'node:events';
import { request } from 'node:http';
import { json, text } from 'node:stream/consumers';

const [, , socketPath, ...args] = process.argv;
const asked = request({ socketPath, method: 'POST' });
asked.end(JSON.stringify({ args, env: process.env, input: await text(process.stdin) }));
const [answer] = await once(asked, 'response');
const { code, stdout, stderr } = await json(answer);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
