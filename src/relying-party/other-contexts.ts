import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { readRoute } from './access.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { RefusalFilter } from './refusal.filter.js';

// The names under which Nest keeps what its decorators say; the packages themselves may not be installed.
const GATEWAY = 'websockets:is_gateway';
const PATTERN = 'microservices:pattern';
const GUARDS = '__guards__';
const FILTERS = '__exceptionFilters__';

const filter = new RefusalFilter();

/**
 * Gateways and handlers of messages get our filter by name, because Nest gives global filters to neither (gateways never,
 * microservices of a hybrid application only with `inheritAppConfig`), and a refusal must carry its code everywhere.
 */
@Injectable()
export class OtherContexts {
  constructor(private readonly modules: ModulesContainer) {
    for (const type of this.classes()) {
      if (!Reflect.hasMetadata(GATEWAY, type) && handlersOf(type).length === 0) continue;
      const filters = (Reflect.getOwnMetadata(FILTERS, type) as unknown[] | undefined) ?? [];
      // Before the application's own: the last one is asked first.
      if (!filters.includes(filter)) Reflect.defineMetadata(FILTERS, [filter, ...filters], type);
    }
  }

  /** Every controller and provider. */
  classes(): Type[] {
    const types = [...this.modules.values()].flatMap(({ controllers, providers }) =>
      [...controllers.values(), ...providers.values()].map(({ metatype }) => metatype),
    );
    return [
      ...new Set(types.filter((type): type is Type => typeof type === 'function' && type.prototype !== undefined)),
    ];
  }
}

/**
 * Stops the boot of a hybrid application whose message handlers the global guard may not reach: without `inheritAppConfig`,
 * Nest runs no global guard for them, and nobody would notice. A provider where the guard is global.
 */
@Injectable()
export class GuardedMessages implements OnModuleInit {
  constructor(
    private readonly contexts: OtherContexts,
    private readonly adapter: HttpAdapterHost,
  ) {
    this.onModuleInit();
  }

  /** Again, because a testing module gets its adapter only now. @throws Error that names the handlers */
  onModuleInit(): void {
    if (!this.adapter.httpAdapter) return;
    const open = this.contexts.classes().flatMap((type) =>
      handlersOf(type)
        .filter((handler) => readRoute(handler, type).mode !== 'public' && !isGuarded(handler, type))
        .map((handler) => `${type.name}.${handler.name}`),
    );
    if (open.length === 0) return;
    throw new Error(
      `RelyingPartyModule: in an application that also serves HTTP, Nest does not run global guards for messages unless ` +
        `they are connected with inheritAppConfig. Put @UseGuards(AuthenticationGuard) on ${open.join(', ')}.`,
    );
  }
}

/** The methods that answer messages, inherited ones too. */
function handlersOf(type: Type): ((...args: never[]) => unknown)[] {
  const found = new Map<string, (...args: never[]) => unknown>();
  for (let proto: unknown = type.prototype; proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (found.has(name) || name === 'constructor' || typeof value !== 'function') continue;
      if (Reflect.hasMetadata(PATTERN, value as object)) found.set(name, value as () => unknown);
    }
  }
  return [...found.values()];
}

/** Whether our guard stands before it by `@UseGuards`. */
export function isGuarded(handler: object, type: Type): boolean {
  return [handler, type]
    .flatMap((place) => (Reflect.getMetadata(GUARDS, place) as unknown[] | undefined) ?? [])
    .some((guard) => guard === AuthenticationGuard || guard instanceof AuthenticationGuard);
}
