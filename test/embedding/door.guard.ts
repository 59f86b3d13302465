import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { protectsItself } from '../../src/faces/identity-provider.js';

/** A guard of the application’s own, in front of everything but the provider, who must be reached by whoever has no key yet. */
@Injectable()
export class DoorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (protectsItself(context.getClass())) return true;
    return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-key'] === 'open sesame';
  }
}
