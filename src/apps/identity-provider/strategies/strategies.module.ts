import {
  All,
  type BeforeApplicationShutdown,
  Controller,
  type DynamicModule,
  Get,
  Injectable,
  Module,
  Req,
  Res,
  UseFilters,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpExchange } from '../../../platform/http/exchange.js';
import { allowMethods } from '../../../platform/http/methods.js';
import { PageError } from '../../../platform/http/page-error.js';
import { PageErrorFilter } from '../../../platform/http/page-error.filter.js';
import { PageForm } from '../../../platform/http/page-form.js';
import { STRATEGIES } from '../../compare/strategies.js';
import { StartError } from '../../support/start-error.js';
import type { Laboratory, LaboratoryOptions, Trial } from './laboratory.js';
import { StrategiesPage, TrialPage } from './strategies.page.js';

/** Where the page is. */
export const STRATEGIES_PATH = '/tools/strategies';
/** Where the report of `npx nest-gatehouse compare` is; before there is one, it leads to the strategies. */
export const REPORT_PATH = `${STRATEGIES_PATH}/report`;

/** What the page needs of the demo. */
export interface StrategiesOptions extends LaboratoryOptions {
  issuer: string;
  databaseUrl: string;
  /** Where `npx nest-gatehouse compare` puts its report. */
  directory: string;
  /** Whose sign-in is tried. */
  username: string;
}

class Options {
  constructor(readonly all: StrategiesOptions) {}

  /** Undefined: nothing was measured yet. */
  report(): Promise<string | undefined> {
    return readFile(join(this.all.directory, 'compare.html'), 'utf8').catch(() => undefined);
  }
}

/** The applications behind the page: they are loaded and started when somebody tries the first. */
@Injectable()
class Trials implements BeforeApplicationShutdown {
  private opened: Promise<Laboratory> | undefined;

  constructor(
    private readonly options: Options,
    private readonly modules: ModuleRef,
  ) {}

  get laboratory(): Promise<Laboratory> {
    return (this.opened ??= this.open());
  }

  /** While the provider still answers, which they listen to. */
  async beforeApplicationShutdown(): Promise<void> {
    await (await this.opened)?.close();
  }

  private async open(): Promise<Laboratory> {
    // One after the other: Jest cannot link what two imports under way have in common.
    const { ProviderDesk } = await import('../../compare/provider.js');
    const { Laboratory } = await import('./laboratory.js');
    const { issuer, databaseUrl, username } = this.options.all;
    return new Laboratory(issuer, databaseUrl, this.options.all, new ProviderDesk(this.modules), username);
  }
}

/** The demo's page on which every strategy is tried: sign in, look at the credential, revoke, and see it refused. */
@Controller({ path: STRATEGIES_PATH, version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
class StrategiesController {
  constructor(
    private readonly options: Options,
    private readonly trials: Trials,
  ) {}

  @All()
  async choose(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    allowMethods(exchange, 'GET', 'HEAD', 'POST');
    if (exchange.method === 'POST') return this.step(exchange);
    const id = new URLSearchParams(exchange.query).get('trial');
    if (id !== null) return show(exchange, await this.trialOf(id));
    await this.showAll(exchange, 200);
  }

  @Get('report')
  async report(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const page = await this.options.report();
    if (page === undefined) return exchange.redirect(STRATEGIES_PATH);
    const { REPORT_POLICY } = await import('../../compare/report.page.js');
    exchange
      .setHeader('content-security-policy', REPORT_POLICY)
      .setHeader('x-frame-options', 'DENY')
      .setHeader('referrer-policy', 'no-referrer')
      .send(200, page, 'text/html; charset=utf-8');
  }

  private async step(exchange: HttpExchange): Promise<void> {
    // Browsers say so of every form; a page of another site may not start anything here.
    if (/^(cross-site|same-site)$/.test(exchange.header('sec-fetch-site') ?? '')) {
      throw new PageError(403, 'access_denied', 'This form must come from this page itself.');
    }
    const form = PageForm.of(exchange);
    const step = form.require('step');
    const laboratory = await this.trials.laboratory;
    if (step === 'begin') {
      const strategy = STRATEGIES.find(({ id }) => id === form.require('strategy'));
      if (!strategy)
        throw new PageError(400, 'invalid_request', 'There is no such strategy.', { parameter: 'strategy' });
      try {
        return exchange.redirect(addressOf(await laboratory.begin(strategy)));
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        return this.showAll(exchange, 503, `${strategy.name}: ${error.message}`);
      }
    }
    const trial = await this.trialOf(form.require('trial'));
    if (step === 'ask') await laboratory.ask(trial);
    else if (step === 'revoke') await laboratory.revoke(trial);
    else throw new PageError(400, 'invalid_request', 'There is no such step.', { parameter: 'step' });
    exchange.redirect(addressOf(trial));
  }

  private async showAll(exchange: HttpExchange, status: number, problem?: string): Promise<void> {
    const report = (await this.options.report()) === undefined ? undefined : REPORT_PATH;
    const more = { ...(report === undefined ? {} : { report }), ...(problem === undefined ? {} : { problem }) };
    exchange.page(status, StrategiesPage({ action: STRATEGIES_PATH, ...more }), { formAction: ["'self'"] });
  }

  private async trialOf(id: string): Promise<Trial> {
    const trial = (await this.trials.laboratory).find(id);
    if (!trial) throw gone('This trial is over. Begin another one.');
    return trial;
  }
}

function show(exchange: HttpExchange, trial: Trial): void {
  exchange.page(200, TrialPage({ action: STRATEGIES_PATH, trial }), { formAction: ["'self'"] });
}

function addressOf({ id }: Trial): string {
  return `${STRATEGIES_PATH}?trial=${id}`;
}

function gone(message: string): PageError {
  return new PageError(404, 'not_found', message, { way: { href: STRATEGIES_PATH, text: 'All strategies' } });
}

/** For the demo only. */
@Module({})
export class StrategiesModule {
  static forRoot(options: StrategiesOptions): DynamicModule {
    return {
      module: StrategiesModule,
      controllers: [StrategiesController],
      providers: [{ provide: Options, useValue: new Options(options) }, Trials],
    };
  }
}
