// worker.ts
import { AuthenticationError, createTokenVerifier } from 'nest-gatehouse/edge';

const verifier = createTokenVerifier({ issuer: 'https://id.example.com', audience: 'https://orders.example.com' });

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const { subject, scopes } = await verifier.authenticate(request);
      if (!scopes.includes('orders:read')) return Response.json({ error: 'insufficient_scope' }, { status: 403 });
      return Response.json({ subject });
    } catch (error) {
      if (error instanceof AuthenticationError) return error.response('orders');
      throw error;
    }
  },
};
