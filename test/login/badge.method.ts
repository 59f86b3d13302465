import { Injectable } from '@nestjs/common';
import {
  LoginMethod,
  type Method,
  type Offer,
  type PageForm,
  type Proved,
  SignInRefused,
  type Step,
  Users,
} from '../../src/faces/identity-provider.js';
import { h } from 'preact';

/** People type the number of the badge that they wear, and its date of issue. */
@Injectable()
@LoginMethod('badge')
export class BadgeMethod implements Method {
  readonly amr = ['pop'] as const;
  readonly order = 40;

  constructor(private readonly users: Users) {}

  first({ hidden }: Step): Offer {
    const fields = Object.entries(hidden).map(([name, value]) => h('input', { type: 'hidden', name, value }));
    const number = h('input', { class: 'field', name: 'badge', 'aria-label': 'Badge number', required: true });
    const button = h('button', { class: 'button quiet', type: 'submit' }, 'Sign in with your badge');
    return { view: h('form', { method: 'post', action: '/login/badge', class: 'stack near' }, fields, number, button) };
  }

  async prove(_step: Step, form: PageForm): Promise<Proved> {
    const [number, username = ''] = form.require('badge').split(' ');
    const found = await this.users.findByUsername(username);
    if (!found || found.user.disabled || number !== '4711') {
      throw new SignInRefused(401, 'This badge is not known.');
    }
    return { user: found.user, amr: this.amr };
  }
}
