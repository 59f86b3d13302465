import { type CustomDecorator, type Type } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';

/** A decorator that names a provider; `@Kind('name')` and {@link registered} of the same kind meet through its key. */
export interface PlugIn {
  (name: string): CustomDecorator & ClassDecorator;
  KEY: string;
}

/**
 * The one plug-in mechanism: a class in any module, decorated with the kind's decorator and listed as a provider,
 * is known by its name to everything that asks {@link registered}. Built-ins come by the same door as extensions.
 */
export function plugIn(): PlugIn {
  return Reflector.createDecorator<string>() as unknown as PlugIn;
}

/**
 * All providers of one kind by name.
 * @throws Error at boot when two providers claim one name.
 */
export function registered<T>(discovery: DiscoveryService, kind: PlugIn): Map<string, T> {
  const found = new Map<string, T>();
  for (const wrapper of discovery.getProviders()) {
    const type = wrapper.metatype as Type | null;
    if (!type || !wrapper.instance) continue;
    const name = Reflect.getMetadata(kind.KEY, type) as string | undefined;
    if (name === undefined) continue;
    const earlier = found.get(name);
    if (earlier && earlier !== wrapper.instance) {
      throw new Error(`two providers are registered as '${name}': ${earlier.constructor.name} and ${type.name}`);
    }
    found.set(name, wrapper.instance as T);
  }
  return found;
}
