import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Assurance } from '../interactions/assurance.js';
import { registered } from '../platform/registry.js';
import { acrsOf } from '../protocol/acr.js';
import { LoginMethod, type Method } from './login-method.js';
import { LoginSettings } from './login.options.js';

/** A method with its name. */
export type NamedMethod = { name: string; method: Method };

/** The login methods that are in use, in the order of the pages: the one list that pages, routes and `acr_values_supported` read. */
@Injectable()
export class LoginMethods extends Assurance implements OnModuleInit {
  private methods: NamedMethod[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly settings: LoginSettings,
  ) {
    super();
  }

  /** @throws Error at boot for a method of the option `methods` that does not exist or cannot work, and when none is left. */
  onModuleInit(): void {
    const all = registered<Method>(this.discovery, LoginMethod);
    const { methods: chosen } = this.settings;
    for (const name of chosen ?? []) {
      const why = all.has(name)
        ? all.get(name)!.unusable?.()
        : `there is none of this name, but ${[...all.keys()].join(', ')}`;
      if (why !== undefined) throw new Error(`LoginModule: the login method '${name}' cannot be used: ${why}`);
    }
    this.methods = [...all]
      .map(([name, method]) => ({ name, method }))
      .filter(({ name, method }) => chosen?.includes(name) ?? (!method.optIn && method.unusable?.() === undefined))
      .sort((a, b) => a.method.order - b.method.order);
    if (!this.methods.some(({ method }) => 'first' in method)) {
      throw new Error('LoginModule: none of the login methods can be the first step of a sign-in.');
    }
  }

  find(name: string): Method | undefined {
    return this.methods.find((one) => one.name === name)?.method;
  }

  /** Those that a sign-in may begin with. */
  get first(): NamedMethod[] {
    return this.methods.filter(({ method }) => 'first' in method);
  }

  /** Those that this person can add to a first factor, but for the ones they have used. */
  async secondOf(subject: string, used: readonly string[] = []): Promise<NamedMethod[]> {
    const candidates = this.addable(used);
    const had = await Promise.all(candidates.map(({ method }) => method.has!(subject)));
    return candidates.filter((_, index) => had[index]);
  }

  /** All that anybody can add to a first factor by a method that is not among these. */
  addable(used: readonly string[]): NamedMethod[] {
    return this.methods.filter(({ name, method }) => 'has' in method && !used.includes(name));
  }

  override uses(method: string): boolean {
    return this.find(method) !== undefined;
  }

  override offered(): string[] {
    return acrsOf(
      together(
        this.methods,
        this.methods.some(({ method }) => 'has' in method),
      ),
    );
  }

  override async reachableBy(subject: string): Promise<string[]> {
    const second = await this.secondOf(subject);
    // Of the first factors nobody knows without asking which ones the person has: what they are not good for, sign-in finds out.
    return acrsOf(together([...this.first.filter(({ method }) => !('has' in method)), ...second], second.length > 0));
  }
}

function together(methods: readonly NamedMethod[], twoFactors: boolean): string[] {
  return [...methods.flatMap(({ method }) => method.amr), ...(twoFactors ? ['mfa'] : [])];
}
