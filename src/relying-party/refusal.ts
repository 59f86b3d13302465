import { HttpException } from '@nestjs/common';
import { withoutStacks } from '../platform/stackless.js';

/** How a request is refused. */
export interface RefusalParts {
  status: 303 | 400 | 401 | 403 | 503;
  /** The OAuth error (RFC 6750 §3.1); absent when nobody tried to authenticate. */
  error?: string;
  /** Our stable code, finer than `error`. */
  code: string;
  /** For people. Holds nothing of the request. */
  message: string;
  scope?: string;
  /** Which scheme the error is about. Default `Bearer`. */
  scheme?: 'Bearer' | 'DPoP';
  /** RFC 9470 §3: what would do. */
  acrValues?: string;
  maxAgeSeconds?: number;
  /** 303 goes here. */
  location?: string;
  /** A page instead of JSON, with this way to try again. */
  retryUrl?: string;
}

/** The guard's no, in every context. An HttpException, so that an application's own filters know what to do with it. */
export class Refusal extends HttpException {
  constructor(
    readonly parts: RefusalParts,
    correlationId: string,
  ) {
    const { status, error, code, message, acrValues, maxAgeSeconds } = parts;
    const restore = withoutStacks();
    super(
      {
        error: error ?? code,
        code,
        message,
        correlationId,
        ...(acrValues === undefined ? {} : { acr_values: acrValues }),
        ...(maxAgeSeconds === undefined ? {} : { max_age: maxAgeSeconds }),
      },
      status,
    );
    restore();
  }

  /** What GraphQL clients get beside the message, by GraphQL's own convention (spec, §7.1.2). */
  get extensions(): object {
    return this.getResponse() as object;
  }
}
