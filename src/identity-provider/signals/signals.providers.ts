import { Acknowledgements } from './acknowledgements.js';
import { Cursors } from './cursors.js';
import { Deliveries } from './deliveries.js';
import { LogWatch } from './log-watch.js';
import { Notices } from './notices.js';
import { PollGate } from './poll-gate.js';
import { PollController } from './poll.controller.js';
import { PushDelivery } from './push-delivery.js';
import { PushLanes } from './push-lanes.js';
import { Readers } from './readers.js';
import { ReceiverAuthorization } from './receiver-authorization.js';
import { ReceiptNames } from '../../authorizations/receipt-names.js';
import { ReceiptController } from './receipt.controller.js';
import { Receipts } from './receipts.js';
import { SecurityEvents } from './security-events.js';
import { SnapshotController } from './snapshot.controller.js';
import { SsfConfigurationController } from './ssf-configuration.controller.js';
import { StreamRegistry } from './stream-registry.js';
import { StreamStatusController } from './stream-status.controller.js';
import { StreamSubjectsController } from './stream-subjects.controller.js';
import { StreamsController } from './streams.controller.js';
import { Streams } from './streams.js';
import { WaitingPolls } from './waiting-polls.js';
import { VerificationController } from './verification.controller.js';

/**
 * The transmitter of revocations (OpenID Shared Signals Framework 1.0): it tells relying parties what of theirs has ended, as
 * Security Event Tokens, and knows who has confirmed it. It revokes nothing; it reads the log that `authorizations/`
 * writes.
 */
export const signalsControllers = [
  SsfConfigurationController,
  StreamsController,
  StreamStatusController,
  StreamSubjectsController,
  VerificationController,
  PollController,
  SnapshotController,
  ReceiptController,
];

export const signalsProviders = [
  LogWatch,
  Cursors,
  Readers,
  SecurityEvents,
  Streams,
  Notices,
  Acknowledgements,
  StreamRegistry,
  Deliveries,
  PollGate,
  WaitingPolls,
  PushLanes,
  PushDelivery,
  ReceiverAuthorization,
  Receipts,
  ReceiptNames,
];
