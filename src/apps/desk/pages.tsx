import type { JSX } from 'preact';
import {
  AppPage,
  Hero,
  type AppLook,
  type AppUser,
  SignedOutNotice,
  type SignOutForm,
} from '../../platform/pages/app-page.js';
import type { EnforcedCounts } from '../../platform/pages/enforced.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';

const look: AppLook = {
  name: 'Desk',
  accent: 'rust',
  iconColour: '#d0683a',
  mark: {
    shape:
      'M6 4h20a2 2 0 0 1 2 2v6h-8a4 4 0 0 1-8 0H4V6a2 2 0 0 1 2-2zM4 15h5.6a7 7 0 0 0 12.8 0H28v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z',
  },
  footer: 'Desk is a sample application. The same routes take a browser’s session and a program’s access token.',
};

/** An order as the orders service answers it. */
export interface OrderRow {
  id: string | number;
  item: string;
  quantity: number;
  status: string;
}

/** What the desk shows. */
export interface DeskHomeProps {
  user?: AppUser;
  /** The signed-in person's orders; left out when they could not be had. */
  orders?: OrderRow[];
  /** Who the orders service says has asked it for them. */
  actor?: string;
  /** Why there are no orders, when the orders service refused or did not answer. */
  ordersProblem?: string;
  signOut?: SignOutForm;
  /** Of somebody who has just signed out: who enforces it. */
  signedOut?: EnforcedCounts;
  /** Starts the sign-in. */
  signInUrl?: string;
}

/** The desk: the orders of the signed-in person, fetched from the orders service on their behalf. */
export function DeskHome({
  user,
  orders,
  actor,
  ordersProblem,
  signOut,
  signedOut,
  signInUrl = '/auth/login',
}: DeskHomeProps): JSX.Element {
  return (
    <AppPage look={look} title="Orders" user={user} signOut={signOut}>
      {user ? (
        <div class="width body">
          <div class="stack tight">
            <h1>Your orders</h1>
            <p class="muted">
              Desk asked the orders service for them, on behalf of <Text value={user.name} fallback={user.username} />.
              {actor !== undefined && (
                <>
                  {' '}
                  The orders service knows both: whose orders they are, and that <Text value={actor} /> asked for them.
                </>
              )}
            </p>
          </div>
          {ordersProblem !== undefined && (
            <p class="notice danger" role="alert">
              <Text value={ordersProblem} longest={SENTENCE} />
            </p>
          )}
          {orders && <Orders orders={orders} />}
          <TwoWaysIn />
        </div>
      ) : (
        <>
          <Hero look={look}>
            <h1>Your orders are behind the gate</h1>
            <p>Sign in to see them. If you are signed in at another application, this takes no password.</p>
            <div>
              <a class="button fit" href={signInUrl}>
                Sign in
              </a>
            </div>
          </Hero>
          <div class="width body">
            {signedOut && <SignedOutNotice {...signedOut} />}
            <TwoWaysIn />
          </div>
        </>
      )}
    </AppPage>
  );
}

function Orders({ orders }: { orders: OrderRow[] }): JSX.Element {
  if (orders.length === 0) return <p class="card">No orders yet.</p>;
  return (
    <div class="card">
      <table>
        <caption class="sr">Your orders</caption>
        <thead>
          <tr>
            <th scope="col" class="minor">
              Order
            </th>
            <th scope="col">Item</th>
            <th scope="col" class="number">
              Quantity
            </th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ id, item, quantity, status }) => (
            <tr>
              <td class="minor">
                <Text value={String(id)} />
              </td>
              <td class="words">
                <Text value={item} />
              </td>
              <td class="number">{quantity}</td>
              <td>
                <span class="tag">
                  <Text value={status} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TwoWaysIn(): JSX.Element {
  return (
    <ul class="pair">
      <li class="card stack tight">
        <h2>For people: a session</h2>
        <p class="muted small">
          Your browser brings a cookie. Open <a href="/api/orders">/api/orders</a> to see the same list as JSON.
        </p>
      </li>
      <li class="card stack tight">
        <h2>For programs: an access token</h2>
        <p class="muted small">
          The same address takes <code>Authorization: Bearer …</code> with the scope <code>orders:read</code>.
        </p>
      </li>
    </ul>
  );
}
