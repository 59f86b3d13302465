import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';
import {
  type CredentialChange,
  type PersonEndCause,
  type PersonEndObserver,
  PersonEnds,
} from '../sessions/person-ends.js';
import { Authorizations, type Revoked } from './authorizations.js';
import { Consents } from './consents.js';

/** Ends what a person authorized when the person is signed out everywhere, what was granted offline too. */
@Injectable()
export class PersonAuthorizations implements PersonEndObserver, OnModuleInit {
  constructor(
    private readonly ends: PersonEnds,
    private readonly authorizations: Authorizations,
    private readonly consents: Consents,
  ) {}

  onModuleInit(): void {
    this.ends.observe(this);
  }

  async credentialChanged(transaction: Queryable, subject: string, change: CredentialChange): Promise<void> {
    await this.authorizations.revoke({ credential: subject }, change, transaction);
  }

  async personEnded(transaction: Queryable, subject: string, cause: PersonEndCause): Promise<Revoked> {
    if (cause === 'user_removed') await this.consents.forget(subject, transaction);
    return this.authorizations.revoke({ subject }, cause, transaction);
  }
}
