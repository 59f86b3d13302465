import type { Page } from 'playwright-core';

/** How long a mail may take to be written, which happens after the page that announces it. */
const PATIENCE_MS = 120_000;

/**
 * Opens the link of the latest mail to this person with this subject from the outbox of a development provider, once it is there.
 * @throws Error when it does not come.
 */
export async function openMail(page: Page, provider: string, to: string, subject: string): Promise<void> {
  const mail = page
    .locator('article')
    .filter({ hasText: to })
    .filter({ has: page.locator('h2', { hasText: subject }) });
  const deadline = Date.now() + PATIENCE_MS;
  do {
    await page.goto(`${provider}/outbox`);
    if (Date.now() > deadline) throw new Error(`no mail to ${to} about “${subject}” in the outbox`);
  } while ((await mail.count()) === 0);
  await page.goto((await mail.first().locator('a').first().getAttribute('href'))!);
}
