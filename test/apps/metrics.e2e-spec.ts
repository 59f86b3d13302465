import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../relying-party/feed-world.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';
import { Visitor } from './visitor.js';

/** The names that PromQL has for itself, as far as the dashboard uses them. */
const FUNCTIONS = new Set('sum max by rate histogram_quantile clamp_min le'.split(' '));
const dashboard = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../deploy/grafana/gatehouse.json'), 'utf8'),
) as Dashboard;

interface Source {
  type: string;
  uid: string;
}
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: Source;
  targets?: { refId: string; expr: string; datasource?: Source }[];
}
interface Dashboard {
  uid: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; query: unknown; datasource?: Source }[] };
}

/** Prometheus gives these to whatever it reads, and `le` is a histogram's. */
const GIVEN = ['job', 'instance'];
const SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The labels of a metric, in what was printed of it; undefined: there is no such metric. */
function labelsOf(metric: string, printed: string): string[] | undefined {
  const lines = [...printed.matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? `, 'gm'))];
  if (lines.length === 0) return undefined;
  return lines.flatMap(([, labels = '']) => [...labels.matchAll(/([a-z_]+)="/g)].map(([, label]) => label!));
}

/** The metrics that an expression of PromQL asks for, and the labels. */
function namesIn(expression: string): { metrics: string[]; labels: string[] } {
  const code = expression.replaceAll(/"[^"]*"|\[[^\]]*\]/g, '');
  const labels = [...code.matchAll(/\{([^}]*)\}|\bby \(([^)]*)\)/g)].flatMap(([, matchers, grouped]) =>
    [...(matchers ?? grouped ?? '').matchAll(/[a-z_]+/g)].map(([label]) => label),
  );
  const rest = code.replaceAll(/\{[^}]*\}|\bby \([^)]*\)/g, '');
  const metrics = [...rest.matchAll(/[a-z_][a-z0-9_]*/g)].map(([name]) => name).filter((name) => !FUNCTIONS.has(name));
  return { metrics, labels };
}

const cleanUp: (() => Promise<unknown>)[] = [];
let provider = '';
let application = '';
let doors: string[] = [];

async function metricsOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

beforeAll(async () => {
  const [database, directory, base] = await Promise.all([
    createProviderDatabase(),
    temporaryDirectory(),
    freePortBase(),
  ]);
  const metrics = await freePortBase();
  cleanUp.push(database.drop, directory.remove);
  const at = addressesFrom(base);
  doors = [at.provider, at.portal];
  const common = {
    ISSUER: at.provider,
    GATEHOUSE_DIRECTORY: directory.path,
    GATEHOUSE_SECRET: SECRETS[0],
    DATABASE_URL: database.url,
  };
  const open = (name: string, offset: number) => {
    const own = { PORT: String(base + offset), METRICS_PORT: String(metrics + offset), PUBLIC_URL: at.portal };
    const door = new FrontDoor(name, { ...common, ...own });
    cleanUp.push(() => door.stop());
    return door.ready(`http://localhost:${base + offset}`);
  };
  await open('identity-provider', 0);
  await open('portal', 1);
  const visitor = new Visitor();
  await visitor.submit(await visitor.get(`${at.portal}/profile`), { username: 'alice', password: 'wonderland' });
  await fetch(`${at.provider}/jwks`, { method: 'PROPFIND' });
  const isFresh = async () => valueOf(await metricsOf(metrics + 1), 'gatehouse_feed_fresh') === 1;
  await eventually(isFresh, 'the portal follows the feed', 60_000);
  [provider, application] = await Promise.all([metricsOf(metrics), metricsOf(metrics + 1)]);
});
afterAll(async () => {
  for (const work of cleanUp.reverse()) await work();
});

const valueOf = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);

describe('what Prometheus reads of a provider', () => {
  it('counts requests by endpoint and status, and says how long they took', () => {
    expect(provider).toMatch(/^gatehouse_http_requests_total\{method="POST",route="\/login",status="303"\} 1$/m);
    expect(provider).toMatch(
      /^gatehouse_http_request_duration_seconds_bucket\{le="\+Inf",method="POST",route="\/login",status_class="3xx"\} 1$/m,
    );
  });

  it('HD-14: is not served where everybody comes by', async () => {
    for (const url of doors) expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it('HD-14: has few labels, whatever is sent', () => {
    expect(provider).not.toContain('PROPFIND');
    const methods = new Set([...provider.matchAll(/method="([^"]*)"/g)].map(([, method]) => method));
    const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'];
    expect([...methods].filter((method) => !known.includes(method!))).toEqual([]);
  });

  it.each([
    ['requests_at_work', 0, 200],
    ['requests_refused_total', 0, 0],
    ['argon2_running', 0, 3],
    ['argon2_waiting', 0, 300],
    ['database_connections', 1, 10],
    ['database_idle', 0, 10],
    ['database_waiting', 0, 1000],
    ['logout_outbox_waiting', 0, 0],
    ['logout_outbox_given_up', 0, 0],
    ['logout_outbox_oldest_seconds', 0, 0],
    ['mail_outbox_waiting', 0, 10],
    ['revocation_log_age_seconds', 0, 600],
    ['signing_key_age_seconds', 0, 600],
  ])('gatehouse_%s is from %i to %i', (name, least, most) => {
    const value = valueOf(provider, `gatehouse_${name}`);
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
  });
});

describe('what it reads of an application', () => {
  it('says how old the knowledge of revocations is, and how much of it there is', () => {
    expect(valueOf(application, 'gatehouse_feed_fresh')).toBe(1);
    expect(valueOf(application, 'gatehouse_feed_lag_seconds')).toBeLessThanOrEqual(60);
    expect(valueOf(application, 'gatehouse_feed_rules')).toBeGreaterThanOrEqual(0);
    expect(valueOf(application, 'gatehouse_feed_snapshots_total')).toBeGreaterThanOrEqual(1);
    expect(application).toMatch(/^gatehouse_http_requests_total\{method="GET",route="\/profile",/m);
  });
});

describe('the dashboard for Grafana', () => {
  const targets = dashboard.panels.flatMap(({ title, targets: of = [] }) =>
    of.map(({ expr }) => [title, expr] as const),
  );

  it('has panels, each with an id of its own and something to show', () => {
    expect(targets.length).toBeGreaterThan(12);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { type, title, targets: of } of dashboard.panels) {
      if (type !== 'row') expect([title, of?.length]).toEqual([title, expect.any(Number)]);
    }
  });

  it.each(targets)('%s: asks for what there is: %s', (_, expression) => {
    const printed = `${provider}\n${application}`;
    const { metrics, labels } = namesIn(expression);
    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics) {
      const known = labelsOf(metric, printed);
      expect([metric, known]).toEqual([metric, expect.any(Array)]);
      expect([metric, labels.filter((label) => ![...GIVEN, ...known!].includes(label))]).toEqual([metric, []]);
    }
  });

  it('is one that Grafana imports: its version, its variables, a place for each panel, a source for each question', () => {
    const { schemaVersion, panels, templating } = dashboard;
    // 36: sources are named by type and uid; 42 is what Grafana 12 writes.
    expect(schemaVersion).toBeGreaterThanOrEqual(36);
    expect(schemaVersion).toBeLessThanOrEqual(42);
    const [source, ...variables] = templating.list;
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const { datasource } of variables) expect(datasource).toEqual(SOURCE);
    const asked = new Set([...JSON.stringify(panels).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name));
    const known = ['__rate_interval', ...templating.list.map(({ name }) => name)];
    expect([...asked].filter((name) => !known.includes(name!))).toEqual([]);
    const taken = new Set<string>();
    for (const { title, type, gridPos, datasource, targets: of = [] } of panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false]);
          taken.add(`${x} ${y}`);
        }
      }
      if (type === 'row') continue;
      expect([title, datasource]).toEqual([title, SOURCE]);
      expect(new Set(of.map(({ refId }) => refId)).size).toBe(of.length);
    }
  });

  it('shows everything of ours that is measured', () => {
    const asked = targets.map(([, expression]) => expression).join('\n');
    const ours = [...`${provider}\n${application}`.matchAll(/^# TYPE (gatehouse_\w+)/gm)].map(([, name]) => name!);
    expect(new Set(ours).size).toBeGreaterThan(15);
    expect(ours.filter((name) => !asked.includes(name))).toEqual([]);
  });
});
