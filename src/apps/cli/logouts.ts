import type { Command } from 'commander';
import type { LogoutBacklog } from '../../authorizations/logout-outbox.js';
import { command, commandGroup, count, type Surroundings, table } from './answer.js';

/** `logouts …`: the applications that are still to be told that somebody has signed out (back-channel logout). */
export function logoutsCommands(program: Command, at: Surroundings): void {
  const group = commandGroup(program, at, 'logouts', 'applications that are still to be told of a sign-out');

  command(group, 'list', 'list who is still to be told, and what was given up', async ({ outbox }) => {
    const backlog = await outbox.backlog();
    return {
      json: backlog.map(documentOf),
      text: backlog.length === 0 ? 'Everybody has been told.' : listOf(backlog),
    };
  });

  command(
    group,
    'retry [client-id]',
    'tell them again now, or this client only; also what was given up',
    async ({ outbox }, clientId: string | undefined) => {
      const messages = await outbox.again(clientId);
      return {
        json: { messages: messages },
        text: messages === 0 ? 'There is nobody to tell.' : `${count(messages, 'message')} will be sent again now.`,
      };
    },
  );
}

function documentOf({ oldest, ...backlog }: LogoutBacklog): Record<string, unknown> {
  return { ...backlog, oldest: time(oldest) };
}

function listOf(backlog: LogoutBacklog[]): string {
  return table(
    ['CLIENT', 'STATE', 'MESSAGES', 'ATTEMPTS', 'SINCE', 'PROBLEM'],
    backlog.map((one) => [
      one.clientId,
      one.givenUp ? 'given up' : 'waiting',
      String(one.count),
      String(one.attempts),
      time(one.oldest),
      one.problem ?? '',
    ]),
  );
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
