import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { BadRequestException } from '@nestjs/common';
import { hasUniqueMembers } from '../../jwt/strict-json.js';

/**
 * Has a front door take JSON that can be read in one way only: whoever looks at requests before us, and takes the first of
 * two members of one name, must not see another registration than we do.
 */
export function takeStrictJson(adapter: FastifyAdapter, bodyLimit: number): void {
  const parse = adapter.getInstance().getDefaultJsonParser('error', 'error');
  adapter.useBodyParser('application/json', false, { bodyLimit }, (request, body, done) => {
    void parse(request as never, body.toString(), (error, value: unknown) => {
      if (error) done(error, undefined);
      else if (hasUniqueMembers(body)) done(null, value);
      else done(new BadRequestException('a member of the JSON comes twice, or it is not in UTF-8'), undefined);
    });
  });
}
