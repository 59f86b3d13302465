import { checkPossession, type DpopNonces, type DpopProof, DpopProofs } from '../jwt/dpop-proof.js';
import { RememberedProofs } from '../jwt/used-proofs.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { matches, randomToken, Secrets } from '../platform/secret.js';
import type { Credentials } from './credentials.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Settings } from './relying-party.options.js';

/** A nonce is good for this long, and for as long again. In seconds. */
const NONCE_SECONDS = 150;

/** Whether whoever sends a token is whom it was issued to, where the token is bound to a key (RFC 9449). */
export class Possession {
  private readonly proofs: DpopProofs | undefined;
  private readonly isRequired: boolean;
  /** One proof for one request, however many calls the request makes. */
  private readonly checked = new WeakMap<HttpExchange, Promise<DpopProof>>();

  constructor(private readonly settings: Settings) {
    const { clock, bearer, skewSeconds } = settings;
    const { dpop } = bearer ?? {};
    this.isRequired = dpop?.required ?? false;
    this.proofs =
      dpop &&
      new DpopProofs({
        clock,
        skewSeconds,
        used: new RememberedProofs(clock),
        ...(dpop.nonce ? { nonces: new TimedNonces(settings) } : {}),
      });
  }

  /** For `WWW-Authenticate: DPoP` (§7.1); undefined where such tokens are not taken. */
  get algorithms(): readonly string[] | undefined {
    return this.proofs?.algorithms;
  }

  /** Whether a token without a proof would be of no use. */
  get required(): boolean {
    return this.isRequired;
  }

  /** For the header `DPoP-Nonce` (§8.2). */
  get nonce(): string | undefined {
    return this.proofs?.nonce;
  }

  /** @throws TokenError, DpopProofError: see `checkPossession` */
  check({ scheme, token, exchange }: Credentials, thumbprint: string | undefined): MaybePromise<void> {
    const { proofs, isRequired } = this;
    const prove = proofs && (() => this.proofOf(proofs, exchange, token));
    return checkPossession({ scheme, thumbprint, isRequired, prove });
  }

  private proofOf(proofs: DpopProofs, exchange: HttpExchange, accessToken: string): Promise<DpopProof> {
    let proof = this.checked.get(exchange);
    if (!proof) {
      const base = this.settings.bearer!.resource!;
      const url = `${base.origin}${exchange.path}`;
      proof = proofs.check(exchange.headerValues('dpop'), { method: exchange.method, url, accessToken });
      this.checked.set(exchange, proof);
    }
    return proof;
  }
}

/** Nonces that need no memory: each stands for a span of time, marked so that nobody else can make one. */
class TimedNonces implements DpopNonces {
  private readonly secrets: Secrets;

  constructor(private readonly settings: Settings) {
    // All processes of an application share its session secret, and so their nonces.
    this.secrets = new Secrets(settings.session?.secrets ?? [randomToken(32)]);
  }

  current(): string {
    return this.of(this.span());
  }

  isValid(nonce: string): boolean {
    return [0, 1].some((ago) => matches(this.of(this.span() - ago), nonce));
  }

  private span(): number {
    return Math.floor(this.settings.clock.seconds() / NONCE_SECONDS);
  }

  private of(span: number): string {
    return this.secrets.authenticate('dpop nonce', String(span)).toString('base64url', 0, 16);
  }
}
