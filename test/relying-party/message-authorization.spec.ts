import { KafkaContext, MqttContext, NatsContext, RmqContext, TcpContext } from '@nestjs/microservices';
import { messageAuthorizations } from '../../src/relying-party/incoming/message-authorization.js';

/** What gRPC and NATS have: headers behind `get`. */
const behindGet = (headers: Record<string, unknown>) => ({ get: (name: string) => headers[name] });
const tcp = new TcpContext([{} as never, 'pattern']);

it.each([
  ['TCP and Redis, in the data', { headers: { authorization: 'Bearer a' } }, tcp, ['Bearer a']],
  ['the data, in capitals', { headers: { Authorization: 'Bearer a' } }, tcp, ['Bearer a']],
  ['NATS', {}, new NatsContext(['subject', behindGet({ authorization: 'Bearer a' })]), ['Bearer a']],
  ['NATS without', {}, new NatsContext(['subject', behindGet({ authorization: '' })]), []],
  ['Kafka', {}, new KafkaContext([{ headers: { authorization: Buffer.from('Bearer a') } }] as never), ['Bearer a']],
  ['RabbitMQ', {}, new RmqContext([{ properties: { headers: { authorization: 'Bearer a' } } }, {}, '']), ['Bearer a']],
  [
    'MQTT 5',
    {},
    new MqttContext(['topic', { properties: { userProperties: { authorization: 'Bearer a' } } }]),
    ['Bearer a'],
  ],
  ['gRPC', {}, behindGet({ authorization: ['Bearer a'] }), ['Bearer a']],
  ['nothing anywhere', {}, tcp, []],
  ['no context', { headers: { authorization: 'Bearer a' } }, undefined, ['Bearer a']],
  ['inherited, which nobody sent', Object.create({ headers: { authorization: 'Bearer a' } }), tcp, []],
  // Two are one too many, and what is no text is no credential: the guard refuses both.
  [
    'the transport and the data',
    { headers: { authorization: 'Bearer b' } },
    behindGet({ authorization: 'Bearer a' }),
    ['Bearer a', 'Bearer b'],
  ],
  [
    'two spellings',
    { headers: { authorization: 'Bearer a', AUTHORIZATION: 'Bearer b' } },
    tcp,
    ['Bearer a', 'Bearer b'],
  ],
  ['a number', { headers: { authorization: 7 } }, tcp, ['']],
])('%s', (_, data, context, expected) => {
  expect(messageAuthorizations(data, context)).toEqual(expected);
});
