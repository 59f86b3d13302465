import type { Command } from 'commander';
import { command, commandGroup, count, type Surroundings } from './answer.js';

const DAY = 86_400_000;

/** `secret …`: what everything secret in the database is sealed under (GATEHOUSE_SECRET). */
export function secretCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'secret', 'the secret that keys and client secrets are sealed under');

  command(group, 'rotate', 'seal everything under the first secret of the list', async (house) => {
    const { kept } = house.secrets;
    // The file first: whatever happens then, both secrets are known.
    const { keys, clients, subjects, totp, secrets, policy, clock } = kept ? await kept.add() : house;
    const resealed = {
      signingKeys: await keys.reseal(),
      clientSecrets: await clients.reseal(),
      pairwiseSalts: await subjects.reseal(),
      authenticators: await totp.reseal(),
    };
    // A refresh token carries a tag under the secret that was first when it was made, and rests at most this long.
    const until = new Date(clock.now() + policy.refreshIdleSeconds * 1000).toISOString();
    const days = (policy.refreshIdleSeconds * 1000) / DAY;
    const place = kept ? kept.file : 'GATEHOUSE_SECRET';
    const done =
      `${count(resealed.signingKeys, 'signing key')}, ${count(resealed.clientSecrets, 'client secret')}, ` +
      `${count(resealed.authenticators, 'authenticator app')} and ` +
      `${count(resealed.pairwiseSalts, 'salt')} of pairwise subjects re-sealed.`;
    const older = [
      ...(kept ? [`${place} begins with a new secret. Restart the provider: what runs knows the old one only.`] : []),
      `Keep the older ones in ${place} until ${until}: refresh tokens made before need them for ${days} days,`,
      `authorization codes for ${policy.codeSeconds} seconds, counted from when every provider runs with this list.`,
    ];
    const only = [
      'GATEHOUSE_SECRET holds one secret. To rotate, put a new one before it (NEW,OLD; openssl rand -base64 48), restart',
      'every provider with both, and run this again.',
    ];
    return {
      json: {
        resealed,
        secrets: secrets.count,
        ...(kept ? { file: kept.file } : {}),
        ...(secrets.count > 1 ? { keepOlderUntil: until } : {}),
      },
      text: [done, ...(secrets.count > 1 ? older : only)].join('\n'),
    };
  });
}
