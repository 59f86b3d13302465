import { createHash } from 'node:crypto';
import { withPackages } from '../../platform/optional-package.js';
import type { HashFormat } from './hash-format.js';

const PACKAGE = '@node-rs/bcrypt';
/** Two seconds of a processor. */
const MOST_COST = 15;

/** `$2a$`, `$2b$` and `$2y$`, which are one, and what Django writes before them. */
const SHAPE = /^(?:bcrypt(_sha256)?\$)?(\$2[aby]\$(\d\d)\$[A-Za-z0-9./]{53})$/;

const load = () => withPackages('a bcrypt hash', [PACKAGE], () => import('@node-rs/bcrypt'));

/** bcrypt. It looks at the first 72 bytes of a password and no more; the argon2id hash that replaces it looks at them all. */
export const bcrypt: HashFormat = {
  name: 'bcrypt',

  reads: (hash) => SHAPE.test(hash),

  problem(hash) {
    const cost = Number(SHAPE.exec(hash)![3]);
    return cost >= 4 && cost <= MOST_COST ? undefined : `The cost of bcrypt may be 4 to ${MOST_COST}.`;
  },

  async prepare() {
    await load();
  },

  async verify(hash, password) {
    const [, sha256, phc] = SHAPE.exec(hash)!;
    // Some implementations stop at a NUL: of two passwords that differ behind it, both would be right.
    if (password.includes(0)) return false;
    const given = sha256 ? createHash('sha256').update(password).digest('hex') : password;
    return (await load()).verify(given, phc!);
  },
};
