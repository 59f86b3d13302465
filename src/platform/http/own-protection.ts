import type { Type } from '@nestjs/common';

const OWN_PROTECTION = 'gatehouse:own-protection';

/** Marks controllers that decide by themselves who may call them, so that a guard in front of a whole application passes them by. */
export function selfProtecting(controllers: Type[]): Type[] {
  for (const controller of controllers) Reflect.defineMetadata(OWN_PROTECTION, true, controller);
  return controllers;
}

/** Whether this controller was marked so. */
export function protectsItself(controller: object): boolean {
  return Reflect.getOwnMetadata(OWN_PROTECTION, controller) === true;
}
